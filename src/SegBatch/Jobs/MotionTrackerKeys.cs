using static SegBatch.Jobs.OptionFamilies;
using static SegBatch.Jobs.OptionValue;

namespace SegBatch.Jobs;

/// <summary>Keys of section `track` for trackers that go by boxes and how they move: ocsort, deepocsort, fasttrack.</summary>
internal static class MotionTrackerKeys
{
    public static IReadOnlyList<OptionKey> All { get; } =
    [
        Track(
            "delta_t",
            Integer(1, 1000),
            "ocsort, deepocsort: frames over which the direction of motion is taken",
            o => o.DeltaT,
            (o, v) => o with { DeltaT = Int(v) }
        ),
        Track(
            "inertia",
            Number(0, 1),
            "ocsort, deepocsort: cost of a detection right behind the track",
            o => o.Inertia,
            (o, v) => o with { Inertia = Float(v) }
        ),
        Track("use_byte", Flag, "ocsort, deepocsort: associate low scores too", o => o.UseByte, (o, v) => o with { UseByte = (bool)v! }),
        Track(
            "reset_velocity_offset_occ",
            Integer(1, 1000),
            "fasttrack: sightings to go back for the velocity of a hidden track",
            o => o.ResetVelocityOffsetOcc,
            (o, v) => o with { ResetVelocityOffsetOcc = Int(v) }
        ),
        Track(
            "reset_pos_offset_occ",
            Integer(1, 1000),
            "fasttrack: sightings to go back for the box of a hidden track",
            o => o.ResetPosOffsetOcc,
            (o, v) => o with { ResetPosOffsetOcc = Int(v) }
        ),
        Track(
            "enlarge_bbox_occ",
            Number(0.1, 10),
            "fasttrack: factor of a hidden track's size",
            o => o.EnlargeBboxOcc,
            (o, v) => o with { EnlargeBboxOcc = Float(v) }
        ),
        Track(
            "dampen_motion_occ",
            Number(0, 1),
            "fasttrack: factor of a hidden track's velocity",
            o => o.DampenMotionOcc,
            (o, v) => o with { DampenMotionOcc = Float(v) }
        ),
        Track(
            "active_occ_to_lost_thresh",
            Integer(0, 1_000_000),
            "fasttrack: frames a track may be hidden before it is lost",
            o => o.ActiveOccToLostThresh,
            (o, v) => o with { ActiveOccToLostThresh = Int(v) }
        ),
        Track(
            "occ_cover_thresh",
            Number(0, 1),
            "fasttrack: share of a box above which another hides it",
            o => o.OccCoverThresh,
            (o, v) => o with { OccCoverThresh = Float(v) }
        ),
        Track(
            "occ_reappear_window",
            Integer(0, 1_000_000),
            "fasttrack: frames after a track was hidden in which it may be found again, beyond track_buffer",
            o => o.OccReappearWindow,
            (o, v) => o with { OccReappearWindow = Int(v) }
        ),
        Track(
            "init_iou_suppress",
            Number(0, 1),
            "fasttrack: overlap with a track above which a detection starts none",
            o => o.InitIouSuppress,
            (o, v) => o with { InitIouSuppress = Float(v) }
        ),
    ];
}
