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
        Track(
            "with_reid",
            Flag,
            "botsort, tracktrack: compare what objects look like, by an appearance model",
            o => o.WithReid,
            (o, v) => o with { WithReid = (bool)v! }
        ),
        Track(
            "model",
            OptionValue.File(".onnx").OrAuto() with
            {
                Hint = "Export an encoder or classifier to ONNX (yolo export model=FILE.pt format=onnx dynamic=True).",
            },
            "botsort, tracktrack: the appearance model; one vector or one score per class for a crop",
            o => o.AppearanceModel,
            (o, v) => o with { AppearanceModel = (string?)v }
        ) with
        {
            Aliases = ["reid_model"],
        },
        Track(
            "proximity_thresh",
            Number(0, 1),
            "botsort: least overlap at which looks are compared",
            o => o.ProximityThresh,
            (o, v) => o with { ProximityThresh = Float(v) }
        ),
        Track(
            "appearance_thresh",
            Number(0, 1),
            "botsort: least likeness of looks, 1 for the same",
            o => o.AppearanceThresh,
            (o, v) => o with { AppearanceThresh = Float(v) }
        ),
        TrackTrack(
            "lost_match_thr",
            "cost limit for tracks that are lost; 0 sets none of its own",
            o => o.LostMatchThr,
            (o, v) => o with { LostMatchThr = v }
        ),
        TrackTrack("iou_weight", "weight of the overlap in the cost", o => o.IouWeight, (o, v) => o with { IouWeight = v }),
        TrackTrack(
            "reid_weight",
            "weight of the looks in the cost, with_reid only",
            o => o.ReidWeight,
            (o, v) => o with { ReidWeight = v }
        ),
        TrackTrack("conf_weight", "weight of the score in the cost", o => o.ConfWeight, (o, v) => o with { ConfWeight = v }),
        TrackTrack("angle_weight", "weight of the direction in the cost", o => o.AngleWeight, (o, v) => o with { AngleWeight = v }),
        TrackTrack("penalty_p", "added to the cost of a low score", o => o.PenaltyP, (o, v) => o with { PenaltyP = v }),
        TrackTrack(
            "penalty_q",
            "read and without effect: boxes that suppression had left out are not tracked",
            o => o.PenaltyQ,
            (o, v) => o with { PenaltyQ = v }
        ),
        TrackTrack(
            "reduce_step",
            "by how much the cost limit falls from round to round",
            o => o.ReduceStep,
            (o, v) => o with { ReduceStep = v }
        ),
        TrackTrack("tai_thr", "overlap above which a detection starts no track", o => o.TaiThr, (o, v) => o with { TaiThr = v }),
        Track(
            "min_track_len",
            Integer(1, 1000),
            "tracktrack: sightings before a track shows",
            o => o.MinTrackLen,
            (o, v) => o with { MinTrackLen = Int(v) }
        ),
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

    private static OptionValue Trackers =>
        Choice([.. Tracking.Trackers.Names]) with
        {
            // The files of these names come with Ultralytics, and mean the tracker; other files are read, see TrackerFile.
            Habit = word => TrackerFile.BuiltIn(word) ?? word,
            FileEndings = [".yaml", ".yml"],
        };

    private static OptionKey TrackTrack(
        string name,
        string help,
        Func<Tracking.TrackingOptions, float> get,
        Func<Tracking.TrackingOptions, float, Tracking.TrackingOptions> apply
    ) => Track(name, Number(0, 1), $"tracktrack: {help}", o => get(o), (o, v) => apply(o, Float(v)));
}
