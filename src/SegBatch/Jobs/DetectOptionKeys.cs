using SegBatch.Detection;
using SegBatch.Letterboxing;
using static SegBatch.Jobs.OptionFamilies;
using static SegBatch.Jobs.OptionValue;

namespace SegBatch.Jobs;

/// <summary>Keys of section `detect`.</summary>
internal static class DetectOptionKeys
{
    public static IReadOnlyList<OptionKey> All { get; } =
    [
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
    ];
}
