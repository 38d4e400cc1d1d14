namespace SegBatch.Tracking;

/// <summary>
/// OC-SORT (Cao et al., Observation-centric SORT: Rethinking SORT for robust multi-object tracking, CVPR 2023) as the reference runs it.
/// The first association also counts how far a detection lies off the tracklet's direction (momentum), the second takes up where the
/// tracklet was last observed (recovery) and goes back over its gap along a straight line (re-update). Where it leaves the paper the
/// recordings decide: the motion model is ByteTrack's, the angle is from the last observation, between 0 and π, and not weighted with the
/// score, the gap is only gone over in a recovery, and a tracklet last seen across the frame's left edge counts as not observed.
/// Deep OC-SORT (Maggiolino et al., Deep OC-SORT: Multi-pedestrian tracking by adaptive re-identification, ICIP 2023) without appearance is
/// the same with its own thresholds, and where the camera's motion is known, tracklets go with it: state and observations.
/// </summary>
/// <param name="options">Thresholds.</param>
/// <param name="frameRate">See <see cref="Trackers.Create"/>.</param>
/// <param name="followsCamera">Whether it is Deep OC-SORT.</param>
internal sealed class OcSortTracker(TrackingOptions options, double? frameRate, bool followsCamera)
    : TwoPassTracker(options, frameRate, BoxKalmanFilter.Xyah, options.DeltaT, statesKept: 1)
{
    // Kept in double precision by the reference, as the limit is.
    private readonly double _inertia = (double)(decimal)options.Inertia;
    private readonly List<Tracklet> _missed = [];

    private protected override void AssociateHigh(
        ReadOnlySpan<TrackInput> detections,
        List<Tracklet> tracks,
        List<int> candidates,
        List<Tracklet> unmatched
    )
    {
        var costs = Association.Costs(tracks, candidates, detections, Options.FuseScore);
        for (var row = 0; row < tracks.Count; row++)
        {
            AddMomentum(tracks[row].Observations!, candidates, detections, costs.Slice(row * candidates.Count, candidates.Count));
        }

        Association.Match(tracks, candidates, detections, Frame, costs, MatchLimit, _missed);
        costs = Association.Costs(_missed, candidates, detections, Options.FuseScore, fromObservations: true);
        Association.Match(_missed, candidates, detections, Frame, costs, MatchLimit, unmatched, recover: true);
    }

    private protected override bool UsesLowScores => Options.UseByte;

    private protected override bool FollowsCamera => followsCamera;

    private void AddMomentum(Observations observations, List<int> candidates, ReadOnlySpan<TrackInput> detections, Span<float> costs)
    {
        if (!observations.HasDirection)
        {
            return;
        }

        for (var column = 0; column < candidates.Count; column++)
        {
            costs[column] = (float)(costs[column] + _inertia * observations.AngleTo(detections[candidates[column]].Box) / Math.PI);
        }
    }
}
