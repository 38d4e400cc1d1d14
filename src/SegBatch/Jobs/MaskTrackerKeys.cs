using static SegBatch.Jobs.OptionFamilies;
using static SegBatch.Jobs.OptionValue;

namespace SegBatch.Jobs;

/// <summary>Keys of section `track` for the tracker that goes by masks: masktrack.</summary>
internal static class MaskTrackerKeys
{
    public static IReadOnlyList<OptionKey> All { get; } =
    [
        Track(
            "mask_weight",
            Number(0, 1),
            "masktrack: share of the masks in a likeness; the rest is the boxes'",
            o => o.MaskWeight,
            (o, v) => o with { MaskWeight = Float(v) }
        ),
        Track(
            "class_penalty",
            Number(0, 1),
            "masktrack: share of a likeness taken off where classes differ",
            o => o.ClassPenalty,
            (o, v) => o with { ClassPenalty = Float(v) }
        ),
        Track(
            "hidden_cover",
            Number(0, 1),
            "masktrack: share of a track's shape from which on other tracks' masks hide it",
            o => o.HiddenCover,
            (o, v) => o with { HiddenCover = Float(v) }
        ),
        Track(
            "hidden_patience",
            Number(0, 1000),
            "masktrack: how many times as long a hidden track may stay unseen",
            o => o.HiddenPatience,
            (o, v) => o with { HiddenPatience = Float(v) }
        ),
    ];
}
