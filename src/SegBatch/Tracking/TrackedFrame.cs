using SegBatch.Decoding;
using SegBatch.Detection;

namespace SegBatch.Tracking;

/// <summary>A frame with its detections and the tracks seen in it; owns all. Passing it on passes ownership on.</summary>
public sealed class TrackedFrame(DetectedFrame detected, List<TrackedObject> tracks) : IDisposable
{
    public VideoFrame Frame => detected.Frame;

    /// <summary>All detections down to the tracker's low threshold, best score first.</summary>
    public IReadOnlyList<DetectedObject> Detections => detected.Detections.Items;

    /// <summary>Confirmed tracks of this frame, in the tracker's order. A detection has at most one.</summary>
    public IReadOnlyList<TrackedObject> Tracks { get; } = tracks;

    public void Dispose() => detected.Dispose();
}
