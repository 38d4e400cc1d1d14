namespace SegBatch.Tracking;

/// <summary>
/// BoT-SORT (Aharon et al., BoT-SORT: Robust associations multi-pedestrian tracking, arXiv 2206.14651) as the reference runs it:
/// ByteTrack's associations over the motion of width and height themselves, tracklets going with the camera, and, with
/// <see cref="TrackingOptions.WithReid"/>, over what objects look like.
/// </summary>
/// <param name="options">Thresholds.</param>
/// <param name="frameRate">See <see cref="Trackers.Create"/>.</param>
internal sealed class BotSortTracker(TrackingOptions options, double? frameRate) : TwoPassTracker(options, frameRate, BoxKalmanFilter.Xywh)
{
    private readonly AppearanceMatching? _looks = options.WithReid ? new AppearanceMatching(options) : null;

    private protected override bool FollowsCamera => true;

    private protected override void BeginFrame(FrameEvidence evidence) => _looks?.Take(evidence);

    private protected override Span<float> Costs(List<Tracklet> tracks, List<int> candidates, ReadOnlySpan<TrackInput> detections)
    {
        if (_looks is null)
        {
            return base.Costs(tracks, candidates, detections);
        }

        var costs = Association.Costs(tracks, candidates, detections, fuseScores: false);
        _looks.Combine(tracks, candidates, detections, costs);
        return costs;
    }

    private protected override void EndFrame() => _looks?.Remember(Tracked, Frame);
}
