namespace SegBatch.Tracking;

/// <summary>
/// BoT-SORT (Aharon et al., BoT-SORT: Robust associations multi-pedestrian tracking, arXiv 2206.14651) as the reference runs it with
/// <c>with_reid: false</c>: ByteTrack's associations over the motion of width and height themselves, tracklets going with the camera.
/// </summary>
/// <param name="options">Thresholds.</param>
/// <param name="frameRate">See <see cref="Trackers.Create"/>.</param>
internal sealed class BotSortTracker(TrackingOptions options, double? frameRate) : TwoPassTracker(options, frameRate, BoxKalmanFilter.Xywh)
{
    private protected override bool FollowsCamera => true;
}
