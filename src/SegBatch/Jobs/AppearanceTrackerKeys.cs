using static SegBatch.Jobs.OptionFamilies;
using static SegBatch.Jobs.OptionValue;

namespace SegBatch.Jobs;

/// <summary>Keys of section `track` for trackers that can compare looks: botsort, tracktrack.</summary>
internal static class AppearanceTrackerKeys
{
    public static IReadOnlyList<OptionKey> All { get; } =
    [
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
    ];

    private static OptionKey TrackTrack(
        string name,
        string help,
        Func<Tracking.TrackingOptions, float> get,
        Func<Tracking.TrackingOptions, float, Tracking.TrackingOptions> apply
    ) => Track(name, Number(0, 1), $"tracktrack: {help}", o => get(o), (o, v) => apply(o, Float(v)));
}
