namespace SegBatch.Tracking;

/// <summary>ByteTrack: boxes move at constant velocity by centre, width / height, and height.</summary>
/// <param name="options">Thresholds.</param>
/// <param name="frameRate">See <see cref="Trackers.Create"/>.</param>
public sealed class ByteTracker(TrackingOptions options, double? frameRate) : TwoPassTracker(options, frameRate, BoxKalmanFilter.Xyah);
