using System.Numerics;
using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.Jobs;
using SegBatch.Letterboxing;
using SegBatch.Output;
using SegBatch.Stitching;
using Xunit;

namespace SegBatch.Tests.Jobs;

public sealed class ManifestReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The manifest of the contract, key by key.</summary>
    [Fact]
    public void The_manifest_of_the_contract_is_read()
    {
        var job = Read(
            """
            name: gate-archive
            model: models/yolov8n-seg.onnx        # or {path: …, sha256: …, names: […]}
            output: out/gate
            sources:
              - archive/**/*.mp4
              - path: archive/gate 7.mkv
                start: 00:01:30
                end: 00:05:00
                stride: 2
                classes: [person]
            detect:   {imgsz: 640, letterbox: rect, conf: 0.3, iou: 0.6, max_det: 100, classes: [person, car, 7], agnostic_nms: false, masks: exact}
            track:    {tracker: bytetrack, lost_seconds: 1.0}
            annotate: {video: true, color_by: class, masks: true, boxes: false, labels: true, trace_seconds: 3, codec: hevc, crf: 28, preset: fast, audio: none}
            rules:    []
            run:      {device: auto, batch: auto, videos: auto, precision: auto}
            """
        );

        Assert.Equal("gate-archive", job.Name);
        Assert.Equal(Path.Combine(_folder.Path, "models/yolov8n-seg.onnx"), job.Model.Path);
        Assert.Equal(Path.Combine(_folder.Path, "out/gate"), job.Output);
        Assert.Equal(new RunOptions(), job.Run);
        Assert.Equal(["archive/**/*.mp4", "archive/gate 7.mkv"], job.Sources.Select(source => source.Pattern));

        var general = job.Sources[0].Options;
        Assert.Equal((640, 640), general.Letterbox.ImgSz);
        Assert.Equal(LetterboxShape.Rect, general.Letterbox.Letterbox);
        Assert.Equal((0.3f, 0.6f, 100), (general.Detection.Conf, general.Detection.Iou, general.Detection.MaxDet));
        Assert.Equal(["person", "car", "7"], general.Classes!);
        Assert.Equal(1.0, general.Tracking.LostSeconds);
        Assert.Equal(
            new AnnotationOptions
            {
                ColorBy = ColorBy.Class,
                Boxes = false,
                TraceSeconds = 3,
            },
            general.Annotation
        );
        Assert.Equal(
            new VideoEncodingOptions
            {
                Codec = VideoCodec.Hevc,
                Crf = 28,
                Preset = "fast",
                Audio = AudioPolicy.None,
            },
            general.Encoding
        );

        var special = job.Sources[1].Options;
        Assert.Equal(
            (Moment.AtSeconds(90), Moment.AtSeconds(300), 2),
            (special.Decoding.Start!.Value, special.Decoding.End!.Value, special.Decoding.Stride)
        );
        Assert.Equal(["person"], special.Classes!);
        Assert.Equal(0.3f, special.Detection.Conf);
        Assert.EndsWith("job.yaml:6:5", job.Sources[1].Location, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_yaml()
    {
        var job = Read("""{"model": "m.onnx", "output": "out", "sources": ["a.mp4"], "detect": {"conf": 0.5, "classes": [0, "dog"]}}""");
        Assert.Equal(0.5f, job.Sources[0].Options.Detection.Conf);
        Assert.Equal(["0", "dog"], job.Sources[0].Options.Classes!);
    }

    [Fact]
    public void Defaults_come_before_the_manifest_and_that_before_the_command_line()
    {
        var overrides = new JobOverrides { Options = draft => Set(draft, "iou", "0.4"), Output = "/elsewhere" };
        var job = Read(Minimal + "detect: {conf: 0.5, iou: 0.6}\n", overrides);
        var detection = job.Sources[0].Options.Detection;
        Assert.Equal((0.5f, 0.4f, 300), (detection.Conf, detection.Iou, detection.MaxDet));
        Assert.Equal("/elsewhere", job.Output);
    }

    [Fact]
    public void The_command_line_also_goes_over_what_a_source_says()
    {
        var overrides = new JobOverrides { Options = draft => Set(draft, "conf", "0.9") };
        var job = Read("model: m.onnx\noutput: out\nsources: [{path: a.mp4, conf: 0.1}]\n", overrides);
        Assert.Equal(0.9f, job.Sources[0].Options.Detection.Conf);
    }

    [Fact]
    public void Sources_and_output_of_the_command_line_stand_for_missing_ones_and_keep_the_manifests_options()
    {
        var overrides = new JobOverrides
        {
            Sources = ["b.mp4"],
            Output = "/out",
            Model = "/m.onnx",
            Folder = "/work",
        };
        var job = Read("detect: {conf: 0.5}\n", overrides);
        Assert.Equal("b.mp4", Assert.Single(job.Sources).Pattern);
        Assert.Equal(0.5f, job.Sources[0].Options.Detection.Conf);
        Assert.Equal(("/work", "/out", "/m.onnx"), (job.BaseFolder, job.Output, job.Model.Path));
        Assert.Equal("/", job.KeyFolder); // the same words mean the same videos wherever they are said
    }

    [Fact]
    public void A_job_without_a_manifest_is_told_everything_that_is_missing_or_wrong()
    {
        var error = Assert.Throws<ManifestException>(() =>
            ManifestReader.Create(new JobOverrides { Sources = ["http://x"], Options = draft => Set(Set(draft, "start", "9"), "end", "8") })
        );
        Assert.Equal(
            [
                "Name a manifest (segbatch run JOB.yaml), or the job itself:",
                "  --model FILE is missing: an instance-segmentation model in ONNX form",
                "  --out DIR is missing: where results go",
                "--source http://x: 'http:' is a protocol; only files and folders of this machine are read",
                "'start' is not before 'end'",
            ],
            error.Problems
        );
    }

    [Fact]
    public void Options_of_a_source_stand_flat_or_in_their_sections()
    {
        var job = Read(
            """
            model: m.onnx
            output: out
            sources:
              - {path: a.mp4, conf: 0.4, tracker: none, crf: 30, hwaccel: auto}
              - {path: b.mp4, detect: {conf: 0.4}, track: {tracker: none}, annotate: {crf: 30}, decode: {hwaccel: auto}}
              - c.mp4
            """
        );
        foreach (var source in job.Sources.Take(2))
        {
            Assert.Equal(0.4f, source.Options.Detection.Conf);
            Assert.Equal("none", source.Options.Tracking.Tracker);
            Assert.Equal(30, source.Options.Encoding.Crf);
            Assert.Equal(["cuda", "vaapi", "qsv"], source.Options.Decoding.HardwareAccelerations);
        }

        Assert.Equal(new SourceOptions(), job.Sources[2].Options);
    }

    [Fact]
    public void Names_of_other_tools_mean_what_they_mean_there()
    {
        var job = Read(
            Minimal
                + """
                vid_stride: 3
                detect: {retina_masks: true}
                track: {tracker: bytetrack.yaml}
                annotate: {show_labels: false, show_conf: false, show_boxes: false, line_width: 2, save: false}
                run: {half: true, device: 0}

                """
        );
        var options = job.Sources[0].Options;
        Assert.Equal(3, options.Decoding.Stride);
        Assert.Equal(MaskMode.Exact, options.Detection.Masks);
        Assert.Equal("bytetrack", options.Tracking.Tracker);
        Assert.Equal(
            (false, false, false, 2),
            (options.Annotation.Labels, options.Annotation.ShowConf, options.Annotation.Boxes, options.Annotation.LineWidth!.Value)
        );
        Assert.False(options.Encoding.Video);
        Assert.Equal(("fp16", "cuda:0"), (job.Run.Precision, job.Run.Device));
    }

    [Fact]
    public void Mode_reference_sets_everything_at_once_and_keys_go_over_it_wherever_it_stands()
    {
        var options = Read(Minimal + "track: {lost_seconds: 2}\nmode: reference\n").Sources[0].Options;
        Assert.True(options.Decoding.ReferenceRgb);
        Assert.True(options.Letterbox.Reference);
        Assert.Equal(MaskMode.Reference, options.Detection.Masks);
        Assert.Equal(2, options.Tracking.LostSeconds);
        Assert.Equal(new SourceOptions(), Read(Minimal + "mode: default\n").Sources[0].Options);
    }

    /// <summary>A flag that has details may be written as a mapping of them, everywhere.</summary>
    [Fact]
    public void Looking_back_is_a_flag_or_a_mapping()
    {
        var job = Read(
            """
            model: m.onnx
            output: out
            sources:
              - a.mp4
              - {path: b.mp4, offline: {min_sightings: 7}}
              - {path: c.mp4, track: {offline: false}}
            track: {offline: {max_gap: 3.5, max_fill: 0}}
            """
        );
        var general = new OfflineOptions
        {
            Enabled = true,
            MaxGap = 3.5,
            MaxFill = 0,
        };
        Assert.Equal(general, job.Sources[0].Options.Offline);
        Assert.Equal(general with { MinSightings = 7 }, job.Sources[1].Options.Offline);
        Assert.Equal(general with { Enabled = false }, job.Sources[2].Options.Offline);

        var flat = Read("model: m.onnx\noutput: out\nsources: [a.mp4]\ntrack: {offline: true, offline_max_gap: 5}\n");
        Assert.Equal(new OfflineOptions { Enabled = true, MaxGap = 5 }, flat.Sources[0].Options.Offline);
    }

    [Fact]
    public void Auto_takes_back_what_was_chosen()
    {
        var overrides = new JobOverrides { Options = draft => Set(Set(draft, "imgsz", "auto"), "batch", "auto") };
        var job = Read(Minimal + "detect: {imgsz: [384, 640]}\nrun: {batch: 4}\n", overrides);
        Assert.Null(job.Sources[0].Options.Letterbox.ImgSz);
        Assert.Null(job.Run.Batch);
        Assert.Equal((384, 640), Read(Minimal + "detect: {imgsz: [384, 640]}\n").Sources[0].Options.Letterbox.ImgSz);
    }

    [Fact]
    public void A_model_may_say_what_its_file_does_not()
    {
        var hash = new string('A', 64);
        var model = Read(
            $$"""
            output: out
            sources: a.mp4
            model: {path: m.onnx, sha256: {{hash}}, names: {0: person, 2: no}, imgsz: [320, 640], stride: 64, task: segment, end2end: true}
            """
        ).Model;
        Assert.Equal(hash.ToLowerInvariant(), model.Sha256);
        Assert.Equal(["person", "class1", "no"], model.Overrides.Names!);
        Assert.Equal(
            ((320, 640), 64, "segment", true),
            (model.Overrides.ImgSz!.Value, model.Overrides.Stride!.Value, model.Overrides.Task, model.Overrides.EndToEnd!.Value)
        );
    }

    [Fact]
    public void A_model_may_say_how_it_is_fed_and_read()
    {
        var known = Read(
            """
            output: out
            sources: a.mp4
            model:
              path: m.onnx
              layout: mask-rcnn
              labels: coco91
              names: coco80
              fit: keep-aspect
              align: top-left
              pad: 0
              colors: bgr
              mean: [102.9801, 115.9465, 122.7717]
              std: 1
            """
        ).Model.Overrides;
        var expected = new ModelOverrides
        {
            Layout = "mask-rcnn",
            Labels = LabelNumbers.Coco91,
            Fit = InputFit.KeepAspect,
            Padding = PadSide.BottomRight,
            PadLevel = 0,
            Channels = ChannelOrder.Bgr,
            Mean = new Vector3(102.9801f, 115.9465f, 122.7717f),
            Deviation = Vector3.One,
        };
        Assert.Equal((80, "person", "toothbrush"), (known.Names!.Count, known.Names[0], known.Names[79]));
        Assert.Equal(expected, known with { Names = null });
    }

    [Fact]
    public void An_empty_section_and_an_unnamed_job_are_fine()
    {
        var job = Read(Minimal + "detect:\n#  conf: 0.5\n");
        Assert.Equal("job", job.Name);
        Assert.Equal(new SourceOptions(), job.Sources[0].Options);
    }

    private const string Minimal = "model: m.onnx\noutput: out\nsources: [a.mp4]\n";

    private static JobDraft Set(JobDraft draft, string name, string word)
    {
        var key = OptionKeys.All.Single(key => key.Name == name && key.Section is not "annotate");
        return key.Apply(draft, key.Value.Parse([word]).Value);
    }

    private JobManifest Read(string yaml, JobOverrides? overrides = null) =>
        ManifestReader.Read(_folder.Write("job.yaml", yaml), overrides);
}
