using SegBatch.Motion;
using static SegBatch.Jobs.OptionFamilies;
using static SegBatch.Jobs.OptionValue;

namespace SegBatch.Jobs;

/// <summary>The keys of section `track` of <see cref="OptionKeys"/>, by the names of Ultralytics' tracker files where those have them.</summary>
internal static class TrackOptionKeys
{
    public static IReadOnlyList<OptionKey> All { get; } =
    [
        Track("tracker", Trackers, "tracker, or none", o => o.Tracker, (o, v) => o with { Tracker = (string)v! }),
        Track(
            "lost_seconds",
            Number(0, 86_400).OrAuto(),
            "how long a track may stay unseen; auto counts track_buffer frames",
            o => o.LostSeconds,
            (o, v) => o with { LostSeconds = (double?)v }
        ),
        Track(
            "track_buffer",
            Integer(0, 1_000_000),
            "frames a track may stay unseen, where lost_seconds is auto",
            o => o.TrackBuffer,
            (o, v) => o with { TrackBuffer = Int(v) }
        ),
        Track(
            "track_high_thresh",
            Number(0, 1),
            "scores from here on are associated first",
            o => o.TrackHighThresh,
            (o, v) => o with { TrackHighThresh = Float(v) }
        ),
        Track(
            "track_low_thresh",
            Number(0, 1),
            "scores above this are associated second",
            o => o.TrackLowThresh,
            (o, v) => o with { TrackLowThresh = Float(v) }
        ),
        Track(
            "new_track_thresh",
            Number(0, 1),
            "score that starts a track",
            o => o.NewTrackThresh,
            (o, v) => o with { NewTrackThresh = Float(v) }
        ),
        Track(
            "match_thresh",
            Number(0, 1),
            "cost limit of the first association",
            o => o.MatchThresh,
            (o, v) => o with { MatchThresh = Float(v) }
        ),
        Track(
            "fuse_score",
            Flag,
            "multiply IoU and score in the first association",
            o => o.FuseScore,
            (o, v) => o with { FuseScore = (bool)v! }
        ),
        Track(
            "gmc_method",
            Choice("none", "sparseOptFlow", "motionVectors"),
            "botsort, tracktrack, deepocsort, masktrack: how the camera's motion is found; the default of the first two is sparseOptFlow",
            o => o.GmcMethod.Name(),
            (o, v) => o with { GmcMethod = Enum<CameraMotionMethod>(v) }
        ),
        .. MotionTrackerKeys.All,
        .. AppearanceTrackerKeys.All,
        .. OfflineKeys.All,
        .. MaskTrackerKeys.All,
    ];

    private static OptionValue Trackers =>
        Choice([.. Tracking.Trackers.Names]) with
        {
            // The files of these names come with Ultralytics, and mean the tracker; other files are read, see TrackerFile.
            Habit = word => TrackerFile.BuiltIn(word) ?? word,
            FileEndings = [".yaml", ".yml"],
        };
}
