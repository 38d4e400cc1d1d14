using static SegBatch.Jobs.OptionFamilies;
using static SegBatch.Jobs.OptionValue;

namespace SegBatch.Jobs;

/// <summary>Keys of section `track` for what happens when the whole video was seen.</summary>
internal static class OfflineKeys
{
    public static IReadOnlyList<OptionKey> All { get; } =
    [
        Offline(
            "offline",
            Flag,
            "stitch tracks, fill gaps and remove ghosts when the whole video was seen; {max_gap: …} is true with these offline_ keys",
            o => o.Enabled,
            (o, v) => o with { Enabled = (bool)v! }
        ),
        Offline(
            "offline_max_gap",
            Number(0, 3600),
            "longest time in seconds between the end of a track and its continuation",
            o => o.MaxGap,
            (o, v) => o with { MaxGap = (double)v! }
        ),
        Offline(
            "offline_max_fill",
            Number(0, 3600),
            "gaps up to so many seconds are filled with interpolated rows; 0 fills none",
            o => o.MaxFill,
            (o, v) => o with { MaxFill = (double)v! }
        ),
        Offline(
            "offline_min_sightings",
            Integer(1, 1_000_000),
            "tracks with fewer detections are dissolved; 1 keeps all",
            o => o.MinSightings,
            (o, v) => o with { MinSightings = Int(v) }
        ),
    ];
}
