using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>A frame with its detections and the tracks seen in it; owns all. Passing it on passes ownership on.</summary>
/// <param name="detected">Taken over.</param>
/// <param name="tracks">Taken over.</param>
/// <param name="pool">Where <paramref name="tracks"/> goes back to; null for a list of its own.</param>
public sealed class TrackedFrame(DetectedFrame detected, List<TrackedObject> tracks, TrackPool? pool = null) : IDisposable
{
    private List<TrackedObject>? _tracks = tracks;

    public VideoFrame Frame => detected.Frame;

    /// <summary>All detections down to the tracker's low threshold, best score first.</summary>
    public IReadOnlyList<DetectedObject> Detections => detected.Detections.Items;

    /// <summary>Masks of whole classes, where the network is a semantic one.</summary>
    public IReadOnlyList<ClassRegion> Regions => detected.Detections.Regions;

    /// <summary>Confirmed tracks of this frame, in the tracker's order. A detection has at most one.</summary>
    public IReadOnlyList<TrackedObject> Tracks => _tracks ?? throw new ObjectDisposedException(nameof(TrackedFrame));

    /// <summary>Where a point of the background seen in the frame before lies in this one, frame pixels; null where nobody looked.</summary>
    public AffineMotion? CameraMotion { get; init; }

    public void Dispose()
    {
        detected.Dispose();
        if (Interlocked.Exchange(ref _tracks, null) is { } list)
        {
            pool?.Return(list);
        }
    }
}
