using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SegBatch.Annotation;
using SegBatch.Appearance;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Gpu;
using SegBatch.Inference;
using SegBatch.Motion;
using SegBatch.Output;
using SegBatch.Pipeline;
using SegBatch.Refining;
using SegBatch.Stitching;
using SegBatch.Tables;
using SegBatch.Tracking;

namespace SegBatch.Jobs;

/// <summary>How one video went.</summary>
/// <param name="Acceleration">The hardware that decoded; null for software.</param>
/// <param name="HardwareFallbacks">Hardware decoders that were asked for and gave way.</param>
public sealed record VideoOutcome(VideoRecord Record, PipelineReport Pipeline, string? Acceleration, int HardwareFallbacks, double Seconds);

/// <summary>Does one video of a job: reads, runs the pipeline, writes, commits. Everything it opens, it closes.</summary>
internal sealed class VideoJob(
    FoundSource source,
    JsonObject settings,
    IReadOnlyList<int>? classes,
    OnnxSegmentationModel model,
    GpuModel? gpu,
    AppearanceModel? looks,
    PromptModel? prompts,
    RefineReference? refine,
    OutputFolder output,
    bool candidates,
    IProgress<JobEvent> progress,
    ILogger log
)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private readonly SourceOptions _options = source.Options;

    /// <exception cref="DecodingException">The source cannot be read, or changed meanwhile.</exception>
    /// <exception cref="StageException">A stage failed.</exception>
    /// <exception cref="OperationCanceledException">Stopped; nothing of the video is left.</exception>
    public async Task<VideoOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var identity = SourceIdentity.Of(source.Path);
        using var reader = FrameReader.Open(source.Path, Decoding());
        progress.Report(new JobEvent.VideoStarted(source.Key, source.Path, FramesToRead(reader.Info, _options.Decoding)));

        var staging = output.Stage(source.Key);
        var isPromptOnly = prompts?.Encoder == model;
        var (names, fixedPrompts) = isPromptOnly
            ? refine!.Classes([], 0)
            : refine?.Classes(model.Card.Names, ModelLayouts.Recognise(model.Card).Classes) ?? (model.Card.Names, []);
        var hostHead = isPromptOnly ? new PromptedObjects(prompts!, fixedPrompts) : Head(_options, classes, model.Card, model.Trimmed);
        using var refiner = prompts is null || isPromptOnly ? null : new MaskRefiner(prompts, fixedPrompts);
        var context = Context(names, hostHead);
        using var tables = new TablesWriter(staging, source.Key, context);
        using var annotated = _options.Encoding.Video ? AnnotatedWriter(reader.Info, staging) : null;
        using var annotator = annotated is null ? null : new Annotator(_options.Annotation, names, _options.Detection.Conf, log);
        IReadOnlyList<IResultWriter> writers = annotated is null ? [tables] : [tables, annotated];
        var rate = reader.Info.FrameRate is { IsValid: true, Numerator: > 0 } known
            ? known.ToDouble() / _options.Decoding.Stride
            : (double?)null;
        var method = _options.Tracking.CameraMotion;
        var camera = method == CameraMotionMethod.None ? null : new CameraMotionEstimator(method, _options.Letterbox.Reference);
        var keepPictures = annotated is not null || camera is not null || looks is not null || refiner is not null;
        var device = gpu?.For(hostHead, Detection(_options, classes), keepPictures);
        gpu?.WarmUp(model.Card.Letterbox(reader.Info.Size, _options.Letterbox).Input);
        var pipeline = new VideoPipeline(
            device ?? (ISegmentationModel)model,
            device ?? hostHead,
            new PipelineOptions
            {
                Letterbox = _options.Letterbox,
                CameraMotion = camera,
                Refiner = refiner,
                Appearance = looks,
                AppearanceFrom = Trackers.ComparesLooksFrom(_options.Tracking) ?? 1,
            }
        );
        var report = await pipeline.RunAsync(
            reader,
            Trackers.Create(_options.Tracking, rate),
            annotator,
            writers,
            Throttled(),
            cancellationToken
        );

        var files = writers.SelectMany(writer => writer.Finish()).ToList();
        if (SourceIdentity.Of(source.Path) != identity)
        {
            throw new DecodingException("CHANGED_WHILE_READ", $"{source.Path} changed while it was read. Run again when it is complete.");
        }

        var lowest = LowestScore(_options.Detection.Conf, _options.Tracking);
        var offline = OfflineTables.ApplyTo(staging, source.Key, context, _options.Tracking, lowest, _options.Offline, cancellationToken);
        var notes = OfflineReport.Notes(Notes(reader, annotated, device, camera), offline, annotated is not null);
        var record = Record(
            identity,
            files,
            offline is null ? tables.Totals : offline.Totals with { Regions = tables.Totals.Regions },
            notes,
            rate
        );
        output.Commit(record, files);
        return new VideoOutcome(
            record,
            report,
            reader.Acceleration,
            reader.HardwareFallbacks,
            Stopwatch.GetElapsedTime(started).TotalSeconds
        );
    }

    /// <summary>The head for a source's options. The tracker sees detections down to its low threshold; which become rows is decided later.</summary>
    /// <param name="trimmed">What the network gives in place of the file's outputs; null where it gives those.</param>
    /// <exception cref="HeadLayoutException">The model is not of a known layout.</exception>
    public static IDetectionHead Head(SourceOptions options, IReadOnlyList<int>? classes, ModelCard card, TrimmedHead? trimmed = null)
    {
        var detection = Detection(options, classes);
        var head = DetectionHeads.Choose(card, detection, out var layout);
        return trimmed is null ? head : DetectionHeads.Choose(trimmed, layout, detection);
    }

    /// <summary>Detections above this score are looked for: those of lower score than `conf` are the tracker's.</summary>
    public static float LowestScore(float conf, TrackingOptions tracking) =>
        tracking.Tracker == "none" ? conf : Math.Min(conf, tracking.TrackLowThresh);

    private static DetectionOptions Detection(SourceOptions options, IReadOnlyList<int>? classes) =>
        options.Detection with
        {
            Conf = LowestScore(options.Detection.Conf, options.Tracking),
            Classes = classes,
        };

    /// <summary>How many frames the options leave of a source; null when its container does not say how many it has.</summary>
    public static long? FramesToRead(VideoInfo info, DecodingOptions options)
    {
        if (info.EstimatedFrames is not { } all || info.IsImage)
        {
            return info.EstimatedFrames;
        }

        var rate = info.FrameRate.IsValid ? info.FrameRate.ToDouble() : 25;
        var first = FrameOf(options.Start) ?? 0;
        var last = Math.Min(all, FrameOf(options.End) ?? all);
        return Math.Max(0, (last - first + options.Stride - 1) / options.Stride);

        long? FrameOf(Moment? moment) => moment is { } at ? at.Frame ?? (long)((at.Seconds ?? 0) * rate) : null;
    }

    /// <summary>Where the network runs on a CUDA device, surfaces that CUDA decodes stay there.</summary>
    private DecodingOptions Decoding() =>
        _options.Decoding with
        {
            MotionVectors = _options.Tracking.CameraMotion == CameraMotionMethod.MotionVectors,
            KeepSurfaces = gpu is not null && model.Device is { IsGpu: true, Index: 0 },
        };

    private TableContext Context(IReadOnlyList<string> names, IDetectionHead head) =>
        new()
        {
            Conf = _options.Detection.Conf,
            ClassNames = names,
            VideoPath = source.Path,
            ModelSha256 = model.Card.File.Sha256,
            OptionsJson = settings.ToJsonString(RecordJson.Compact),
            WriteRegions = head is ClassMaps,
            WriteCandidates = candidates && _options.Tracking.Tracker != "none",
        };

    private IResultWriter AnnotatedWriter(VideoInfo info, string staging)
    {
        if (info.IsImage)
        {
            return new AnnotatedPictureWriter(Path.Combine(staging, "pictures"), source.Key);
        }

        var name = $"{source.Key}.{_options.Encoding.Container}";
        var isClip = _options.Decoding.Start is not null || _options.Decoding.End is not null;
        return new AnnotatedVideoWriter(info, _options.Encoding, Path.Combine(staging, name), $"videos/{name}", isClip);
    }

    private Action<long> Throttled()
    {
        var last = Stopwatch.GetTimestamp();
        return frames =>
        {
            if (Stopwatch.GetElapsedTime(last) > ProgressInterval)
            {
                last = Stopwatch.GetTimestamp();
                progress.Report(new JobEvent.VideoProgress(source.Key, frames));
            }
        };
    }

    private static List<string> Notes(IFrameReader reader, IResultWriter? annotated, GpuVideo? device, CameraMotionEstimator? camera)
    {
        var notes = new List<string>([.. reader.Notes, .. camera?.Notes ?? []]);
        Add(
            device?.FullPictures > 0,
            $"{device?.FullPictures} frames had more candidates than are brought back from the device: their worst objects may be missing"
        );
        if (reader.DamagedPackets > 0)
        {
            notes.Add($"{reader.DamagedPackets} damaged packets; frames around them may be missing or concealed");
        }

        if (annotated is AnnotatedVideoWriter { Report: { } report })
        {
            Add(
                report.TimestampsRepaired > 0,
                $"{report.TimestampsRepaired} time stamps of the annotated video were moved to keep their order"
            );
            Add(report.FramesScaled > 0, $"{report.FramesScaled} frames of another size were scaled in the annotated video");
            notes.AddRange(report.SkippedAudio);
        }

        return notes;

        void Add(bool when, string note)
        {
            if (when)
            {
                notes.Add(note);
            }
        }
    }

    private VideoRecord Record(SourceIdentity identity, List<StagedFile> files, TableTotals totals, List<string> notes, double? rate) =>
        new()
        {
            Key = source.Key,
            Path = source.Path,
            Source = identity,
            Settings = settings,
            Files = [.. files.Select(file => file.RelativePath)],
            Frames = totals.Frames,
            Instances = totals.Instances,
            Tracks = totals.Tracks,
            DamagedFrames = totals.CorruptFrames,
            Notes = notes,
            Classes = totals.Classes.ToDictionary(pair => pair.Key, pair => new ClassCount(pair.Value.Instances, pair.Value.Tracks)),
            Kept = new KeptEvidence(
                candidates ? LowestScore(_options.Detection.Conf, _options.Tracking) : _options.Detection.Conf,
                rate,
                TrackerNeeds.Of(_options.Tracking).CameraMotion
            ),
            Regions =
                totals.Regions.Count == 0
                    ? null
                    : totals.Regions.ToDictionary(
                        pair => pair.Key,
                        pair => new RegionCount(pair.Value.Frames, pair.Value.Shares / totals.Frames)
                    ),
        };
}
