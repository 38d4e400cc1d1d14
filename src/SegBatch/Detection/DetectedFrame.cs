using SegBatch.Decoding;

namespace SegBatch.Detection;

/// <summary>A frame with its detections; owns both. Passing it on passes ownership on.</summary>
public sealed class DetectedFrame(VideoFrame frame, DetectionList detections) : IDisposable
{
    private DetectionList? _detections = detections;

    public VideoFrame Frame { get; } = frame;

    public DetectionList Detections => _detections ?? throw new ObjectDisposedException(nameof(DetectedFrame));

    public void Dispose()
    {
        // The list may be another frame's by the second call: it is given back once.
        Interlocked.Exchange(ref _detections, null)?.Dispose();
        Frame.Dispose();
    }
}
