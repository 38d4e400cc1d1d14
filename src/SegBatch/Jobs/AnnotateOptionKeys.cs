using SegBatch.Annotation;
using SegBatch.Output;
using static SegBatch.Jobs.OptionFamilies;
using static SegBatch.Jobs.OptionValue;

namespace SegBatch.Jobs;

/// <summary>Keys of section `annotate`: what is drawn, and how annotated videos are written.</summary>
internal static class AnnotateOptionKeys
{
    public static IReadOnlyList<OptionKey> All { get; } =
    [
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
    ];

    private static OptionValue Presets =>
        Choice("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow");
}
