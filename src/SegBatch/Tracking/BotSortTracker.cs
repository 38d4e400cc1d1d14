namespace SegBatch.Tracking;

/// <summary>
/// BoT-SORT (Aharon et al., BoT-SORT: Robust associations multi-pedestrian tracking, arXiv 2206.14651) by boxes alone, as the reference
/// runs it with <c>gmc_method: none</c> and <c>with_reid: false</c>: ByteTrack's associations over the motion of width and height themselves.
/// </summary>
/// <param name="options">Thresholds.</param>
/// <param name="frameRate">See <see cref="Trackers.Create"/>.</param>
internal sealed class BotSortTracker(TrackingOptions options, double? frameRate) : TwoPassTracker(options, frameRate, BoxKalmanFilter.Xywh);
