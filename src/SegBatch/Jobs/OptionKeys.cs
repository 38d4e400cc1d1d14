using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Letterboxing;
using SegBatch.Output;
using static SegBatch.Jobs.OptionFamilies;
using static SegBatch.Jobs.OptionValue;

namespace SegBatch.Jobs;

/// <summary>
/// Every key of a manifest that sets an option, once: the reader, the command line, the JSON schema, the run record and the
/// documentation all go by this table. Defaults are the property initialisers of the option records.
/// </summary>
public static class OptionKeys
{
    private static readonly string[] Accelerations = ["cuda", "vaapi", "qsv"];

    public static IReadOnlyList<OptionKey> All { get; } =
    [
        Decode("", "start", OptionValue.Moment, "first moment that is read", o => o.Start, (o, v) => o with { Start = (Moment)v! }),
        Decode("", "end", OptionValue.Moment, "first moment that is not read any more", o => o.End, (o, v) => o with { End = (Moment)v! }),
        Decode("", "stride", Integer(1, 1_000_000), "read every n-th frame", o => o.Stride, (o, v) => o with { Stride = Int(v) }) with
        {
            Aliases = ["vid_stride"],
        },
        Decode(
            "decode",
            "hwaccel",
            Choice(["none", "auto", .. Accelerations]),
            "hardware decoder; software where it fails",
            Hardware,
            Hardware
        ),
        Decode(
            "decode",
            "threads",
            Integer(1, 64).OrAuto(),
            "decoder threads per video",
            o => o.Threads,
            (o, v) => o with { Threads = Maybe(v) }
        ) with
        {
            Aliases = ["decode_threads"],
        },
        Letterbox(
            "imgsz",
            Size.OrAuto(),
            "input size, rounded up to the model's stride; auto is the model's own",
            o => o.ImgSz,
            (o, v) => o with { ImgSz = v is (int height, int width) ? (height, width) : null }
        ),
        Letterbox(
            "letterbox",
            Choice("square", "rect").OrAuto(),
            "pad to the full input, or only to the next multiple of the stride; auto is rect where the model allows it",
            o => o.Letterbox,
            (o, v) => o with { Letterbox = v is null ? null : Enum<LetterboxShape>(v) }
        ),
        Detect("conf", Number(0, 1), "lowest score of a detection", o => o.Conf, (o, v) => o with { Conf = Float(v) }),
        Detect(
            "iou",
            Number(0, 1),
            "overlap above which the weaker of two boxes is suppressed",
            o => o.Iou,
            (o, v) => o with { Iou = Float(v) }
        ),
        Detect("max_det", Integer(1, 30_000), "most detections per frame", o => o.MaxDet, (o, v) => o with { MaxDet = Int(v) }),
        Source("detect", "classes", Names, "class names or ids to keep", o => o.Classes, (o, v) => o with { Classes = (string[])v! }),
        Detect("agnostic_nms", Flag, "suppress across classes", o => o.AgnosticNms, (o, v) => o with { AgnosticNms = (bool)v! }),
        Detect(
            "masks",
            Choice("exact", "reference"),
            "how masks reach source resolution",
            o => o.Masks,
            (o, v) => o with { Masks = Enum<MaskMode>(v) }
        ),
        Detect(
            "retina_masks",
            Choice("true") with
            {
                Hint = "Masks always have the source's resolution here; leave it out.",
            },
            "the same as masks: exact",
            _ => null,
            (o, _) => o with { Masks = MaskMode.Exact }
        ) with
        {
            IsHabit = true,
        },
        Detect(
            "min_region",
            Integer(0, 1_000_000_000),
            "semantic models: pixels from which a connected region of a class is an object; 0 makes no objects",
            o => o.MinRegion,
            (o, v) => o with { MinRegion = Int(v) }
        ),
        .. TrackOptionKeys.All,
        Encode("video", Flag, "write annotated videos", o => o.Video, (o, v) => o with { Video = (bool)v! }) with
        {
            Aliases = ["save"],
        },
        Annotate(
            "color_by",
            Choice("track", "class"),
            "what a colour stands for",
            o => o.ColorBy,
            (o, v) => o with { ColorBy = Enum<ColorBy>(v) }
        ),
        Annotate("masks", Flag, "tint masks", o => o.Masks, (o, v) => o with { Masks = (bool)v! }) with
        {
            Aliases = ["show_masks"],
        },
        Annotate("contours", Flag, "outline masks", o => o.Contours, (o, v) => o with { Contours = (bool)v! }) with
        {
            Aliases = ["show_contours"],
        },
        Annotate("boxes", Flag, "draw boxes", o => o.Boxes, (o, v) => o with { Boxes = (bool)v! }) with
        {
            Aliases = ["show_boxes"],
        },
        Annotate("labels", Flag, "write id and class name", o => o.Labels, (o, v) => o with { Labels = (bool)v! }) with
        {
            Aliases = ["show_labels"],
        },
        Annotate("conf", Flag, "write the score behind the name", o => o.ShowConf, (o, v) => o with { ShowConf = (bool)v! }) with
        {
            Aliases = ["show_conf"],
        },
        Annotate(
            "trace_seconds",
            Number(0, 3600),
            "length of the path drawn behind a track; 0 draws none",
            o => o.TraceSeconds,
            (o, v) => o with { TraceSeconds = (double)v! }
        ),
        Annotate(
            "line_width",
            Integer(1, 100).OrAuto(),
            "pixels; auto goes by the picture's size",
            o => o.LineWidth,
            (o, v) => o with { LineWidth = Maybe(v) }
        ),
        Annotate(
            "mask_opacity",
            Number(0, 1),
            "share of the mask's colour in the mix",
            o => o.MaskOpacity,
            (o, v) => o with { MaskOpacity = Float(v) }
        ),
        Encode(
            "codec",
            Choice("h264", "hevc", "av1"),
            "codec of annotated videos",
            o => o.Codec,
            (o, v) => o with { Codec = Enum<VideoCodec>(v) }
        ),
        Encode(
            "container",
            Choice("mp4", "mkv"),
            "container of annotated videos",
            o => o.Container,
            (o, v) => o with { Container = (string)v! }
        ),
        Encode(
            "crf",
            Integer(0, 63),
            "constant rate factor: lower is better and larger; at most 51 for h264 and hevc",
            o => o.Crf,
            (o, v) => o with { Crf = Int(v) }
        ),
        Encode(
            "preset",
            Presets,
            "encoder preset; for av1 the nearest of its numbers",
            o => o.Preset,
            (o, v) => o with { Preset = (string)v! }
        ),
        Encode("audio", Choice("copy", "none"), "what happens to sound", o => o.Audio, (o, v) => o with { Audio = Enum<AudioPolicy>(v) }),
        Run("device", Devices, "where the network runs", o => o.Device, (o, v) => o with { Device = (string)v! }),
        Run(
            "batch",
            Integer(1, 256).OrAuto(),
            "pictures per run of the network; auto is 1 on the CPU, 8 on a GPU",
            o => o.Batch,
            (o, v) => o with { Batch = Maybe(v) }
        ),
        Run(
            "videos",
            Integer(1, 256).OrAuto(),
            "videos in work at once; auto goes by cores or GPU",
            o => o.Videos,
            (o, v) => o with { Videos = Maybe(v) }
        ),
        Run(
            "precision",
            Choice("auto", "fp32", "fp16"),
            "arithmetic of the network on a GPU",
            o => o.Precision,
            (o, v) => o with { Precision = (string)v! }
        ),
        Run("half", Flag, "the same as precision: fp16", _ => null, (o, v) => o with { Precision = (bool)v! ? "fp16" : "fp32" }) with
        {
            IsHabit = true,
        },
        Run(
            "candidates",
            Flag,
            "keep what only the tracker saw, for tracking again",
            o => o.Candidates,
            (o, v) => o with { Candidates = (bool)v! }
        ),
    ];

    /// <summary>Sections of a manifest that hold option keys.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["decode", "detect", "track", "annotate", "run"];

    private static OptionValue Presets =>
        Choice("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow");

    private static OptionValue Devices =>
        Choice("auto", "cpu", "cuda", "cuda:N", "tensorrt", "tensorrt:N") with
        {
            Habit = word =>
                word == "gpu" ? "cuda"
                : word.Length is 1 or 2 && word.All(char.IsAsciiDigit) ? $"cuda:{word}"
                : word,
        };

    /// <summary>Everything as the reference does it: colour, letterbox, masks, tracker.</summary>
    public static SourceOptions Reference(SourceOptions options) =>
        options with
        {
            Decoding = options.Decoding with { ReferenceRgb = true },
            Letterbox = options.Letterbox with { Reference = true },
            Detection = options.Detection with { Masks = MaskMode.Reference },
            Tracking = options.Tracking with { LostSeconds = null },
        };

    private static string Hardware(DecodingOptions options) =>
        options.HardwareAccelerations switch
        {
            [] => "none",
            [var only] => only,
            _ => "auto",
        };

    private static DecodingOptions Hardware(DecodingOptions options, object? value) =>
        options with
        {
            HardwareAccelerations = (string)value! switch
            {
                "auto" => Accelerations,
                "none" => [],
                var named => [named],
            },
        };
}
