using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Letterboxing;
using SegBatch.Output;
using SegBatch.Tracking;

namespace SegBatch.Jobs;

/// <summary>
/// Every key of a manifest that sets an option, once: the reader, the command line, the JSON schema and the documentation all
/// go by this table. Defaults are the property initialisers of the option records.
/// </summary>
public static class OptionKeys
{
    public static IReadOnlyList<OptionKey> All { get; } =
    [
        Decode("", "start", OptionKind.Moment, "first moment that is read", (o, v) => o with { Start = (Moment)v }),
        Decode("", "end", OptionKind.Moment, "first moment that is not read any more", (o, v) => o with { End = (Moment)v }),
        Decode("", "stride", OptionKind.Integer, "read every n-th frame", (o, v) => o with { Stride = Int(v) }) with
        {
            Min = 1,
            Max = 1_000_000,
            Aliases = ["vid_stride"],
        },
        Decode("decode", "hwaccel", OptionKind.Choice, "hardware decoder, with fall-back to software per file", Hardware) with
        {
            Choices = ["auto", "none", "cuda", "vaapi", "qsv"],
        },
        Decode("decode", "threads", OptionKind.Integer, "decoder threads per video", (o, v) => o with { Threads = Int(v) }) with
        {
            Min = 1,
            Max = 64,
            Aliases = ["decode_threads"],
        },
        Letterbox("imgsz", OptionKind.Size, "input size, rounded up to the model's stride", (o, v) => o with { ImgSz = ((int, int))v }),
        Letterbox(
            "letterbox",
            OptionKind.Choice,
            "pad to the full input, or only to the next multiple of the stride",
            (o, v) => o with { Letterbox = Enum<LetterboxShape>(v) }
        ) with
        {
            Choices = ["square", "rect"],
        },
        Detect("conf", OptionKind.Number, "lowest score of a detection", (o, v) => o with { Conf = Float(v) }) with
        {
            Min = 0,
            Max = 1,
        },
        Detect("iou", OptionKind.Number, "overlap above which the weaker box is suppressed", (o, v) => o with { Iou = Float(v) }) with
        {
            Min = 0,
            Max = 1,
        },
        Detect("max_det", OptionKind.Integer, "most detections per frame", (o, v) => o with { MaxDet = Int(v) }) with
        {
            Min = 1,
            Max = 30_000,
        },
        Source("detect", "classes", OptionKind.Names, "class names or ids to keep", (o, v) => o with { Classes = (string[])v }),
        Detect("agnostic_nms", OptionKind.Flag, "suppress across classes", (o, v) => o with { AgnosticNms = (bool)v }),
        Detect("masks", OptionKind.Choice, "how masks reach source resolution", (o, v) => o with { Masks = Enum<MaskMode>(v) }) with
        {
            Choices = ["exact", "reference"],
        },
        Track("tracker", OptionKind.Choice, "tracker, or none", (o, v) => o with { Tracker = (string)v }) with
        {
            Choices = ["bytetrack", "none"],
        },
        Track("lost_seconds", OptionKind.Number, "how long a track may stay unseen", (o, v) => o with { LostSeconds = (double)v }) with
        {
            Min = 0,
            Max = 86_400,
        },
        Track(
            "track_buffer",
            OptionKind.Integer,
            "the same in frames, where lost_seconds is not given",
            (o, v) => o with { TrackBuffer = Int(v) }
        ) with
        {
            Min = 0,
            Max = 1_000_000,
        },
        Track("track_high_thresh", OptionKind.Number, "scores associated first", (o, v) => o with { TrackHighThresh = Float(v) }) with
        {
            Min = 0,
            Max = 1,
        },
        Track("track_low_thresh", OptionKind.Number, "scores associated second", (o, v) => o with { TrackLowThresh = Float(v) }) with
        {
            Min = 0,
            Max = 1,
        },
        Track("new_track_thresh", OptionKind.Number, "score that starts a track", (o, v) => o with { NewTrackThresh = Float(v) }) with
        {
            Min = 0,
            Max = 1,
        },
        Track("match_thresh", OptionKind.Number, "cost limit of the first association", (o, v) => o with { MatchThresh = Float(v) }) with
        {
            Min = 0,
            Max = 1,
        },
        Track("fuse_score", OptionKind.Flag, "multiply IoU and score in the first association", (o, v) => o with { FuseScore = (bool)v }),
        Encode("video", OptionKind.Flag, "write annotated videos", (o, v) => o with { Video = (bool)v }) with
        {
            Aliases = ["save"],
        },
        Annotate("color_by", OptionKind.Choice, "what a colour stands for", (o, v) => o with { ColorBy = Enum<ColorBy>(v) }) with
        {
            Choices = ["track", "class"],
        },
        Annotate("masks", OptionKind.Flag, "tint masks", (o, v) => o with { Masks = (bool)v }) with
        {
            Aliases = ["show_masks"],
        },
        Annotate("contours", OptionKind.Flag, "outline masks", (o, v) => o with { Contours = (bool)v }) with
        {
            Aliases = ["show_contours"],
        },
        Annotate("boxes", OptionKind.Flag, "draw boxes", (o, v) => o with { Boxes = (bool)v }) with
        {
            Aliases = ["show_boxes"],
        },
        Annotate("labels", OptionKind.Flag, "write id and name", (o, v) => o with { Labels = (bool)v }) with
        {
            Aliases = ["show_labels"],
        },
        Annotate("conf", OptionKind.Flag, "write the score", (o, v) => o with { ShowConf = (bool)v }) with
        {
            Aliases = ["show_conf"],
        },
        Annotate(
            "trace_seconds",
            OptionKind.Number,
            "length of the path behind a track",
            (o, v) => o with { TraceSeconds = (double)v }
        ) with
        {
            Min = 0,
            Max = 3600,
        },
        Annotate("line_width", OptionKind.Integer, "pixels", (o, v) => o with { LineWidth = Int(v) }) with
        {
            Min = 1,
            Max = 100,
        },
        Annotate("mask_opacity", OptionKind.Number, "share of the tint", (o, v) => o with { MaskOpacity = Float(v) }) with
        {
            Min = 0,
            Max = 1,
        },
        Encode("codec", OptionKind.Choice, "video codec", (o, v) => o with { Codec = Enum<VideoCodec>(v) }) with
        {
            Choices = ["h264", "hevc", "av1"],
        },
        Encode("container", OptionKind.Choice, "container", (o, v) => o with { Container = (string)v }) with
        {
            Choices = ["mp4", "mkv"],
        },
        Encode("crf", OptionKind.Integer, "quality, lower is better", (o, v) => o with { Crf = Int(v) }) with
        {
            Min = 0,
            Max = 63,
        },
        Encode(
            "preset",
            OptionKind.Choice,
            "encoder preset; for AV1 the nearest of its numbers",
            (o, v) => o with { Preset = (string)v }
        ) with
        {
            Choices = ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"],
        },
        Encode("audio", OptionKind.Choice, "what happens to sound", (o, v) => o with { Audio = Enum<AudioPolicy>(v) }) with
        {
            Choices = ["copy", "none"],
        },
        Run("device", OptionKind.Choice, "where the network runs", (o, v) => o with { Device = (string)v }) with
        {
            Choices = ["auto", "cpu", "cuda", "cuda:0", "cuda:1", "cuda:2", "cuda:3", "cuda:4", "cuda:5", "cuda:6", "cuda:7", "tensorrt"],
        },
        Run("batch", OptionKind.Integer, "pictures per run of the network", (o, v) => o with { Batch = Int(v) }) with
        {
            Min = 1,
            Max = 256,
        },
        Run("videos", OptionKind.Integer, "videos in work at once", (o, v) => o with { Videos = Int(v) }) with
        {
            Min = 1,
            Max = 256,
        },
        Run("precision", OptionKind.Choice, "arithmetic on a GPU", (o, v) => o with { Precision = (string)v }) with
        {
            Choices = ["auto", "fp32", "fp16"],
        },
        Run("candidates", OptionKind.Flag, "keep what only the tracker saw, for tracking again", (o, v) => o with { Candidates = (bool)v }),
    ];

    /// <summary>Sections of a manifest that hold option keys.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["decode", "detect", "track", "annotate", "run"];

    /// <summary>Everything as the reference does it: colour, letterbox, masks, tracker.</summary>
    public static SourceOptions Reference(SourceOptions options) =>
        options with
        {
            Decoding = options.Decoding with { ReferenceRgb = true },
            Letterbox = options.Letterbox with { Reference = true },
            Detection = options.Detection with { Masks = MaskMode.Reference },
            Tracking = options.Tracking with { LostSeconds = null },
        };

    private static DecodingOptions Hardware(DecodingOptions options, object value) =>
        options with
        {
            HardwareAccelerations = (string)value switch
            {
                "auto" => ["cuda", "vaapi", "qsv"],
                "none" => [],
                var named => [named],
            },
        };

    private static OptionKey Source(
        string section,
        string name,
        OptionKind kind,
        string help,
        Func<SourceOptions, object, SourceOptions> apply
    ) => new(section, name, kind, help, (draft, value) => draft with { Source = apply(draft.Source, value) });

    private static OptionKey Decode(
        string section,
        string name,
        OptionKind kind,
        string help,
        Func<DecodingOptions, object, DecodingOptions> apply
    ) => Source(section, name, kind, help, (o, v) => o with { Decoding = apply(o.Decoding, v) });

    private static OptionKey Letterbox(string name, OptionKind kind, string help, Func<LetterboxOptions, object, LetterboxOptions> apply) =>
        Source("detect", name, kind, help, (o, v) => o with { Letterbox = apply(o.Letterbox, v) });

    private static OptionKey Detect(string name, OptionKind kind, string help, Func<DetectionOptions, object, DetectionOptions> apply) =>
        Source("detect", name, kind, help, (o, v) => o with { Detection = apply(o.Detection, v) });

    private static OptionKey Track(string name, OptionKind kind, string help, Func<TrackingOptions, object, TrackingOptions> apply) =>
        Source("track", name, kind, help, (o, v) => o with { Tracking = apply(o.Tracking, v) });

    private static OptionKey Annotate(
        string name,
        OptionKind kind,
        string help,
        Func<AnnotationOptions, object, AnnotationOptions> apply
    ) => Source("annotate", name, kind, help, (o, v) => o with { Annotation = apply(o.Annotation, v) });

    private static OptionKey Encode(
        string name,
        OptionKind kind,
        string help,
        Func<VideoEncodingOptions, object, VideoEncodingOptions> apply
    ) => Source("annotate", name, kind, help, (o, v) => o with { Encoding = apply(o.Encoding, v) });

    private static OptionKey Run(string name, OptionKind kind, string help, Func<RunOptions, object, RunOptions> apply) =>
        new("run", name, kind, help, (draft, value) => draft with { Run = apply(draft.Run, value) });

    private static int Int(object value) => (int)(long)value;

    private static float Float(object value) => (float)(double)value;

    private static T Enum<T>(object value)
        where T : struct, Enum => System.Enum.Parse<T>((string)value, ignoreCase: true);
}
