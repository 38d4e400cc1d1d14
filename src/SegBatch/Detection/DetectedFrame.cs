using SegBatch.Decoding;

namespace SegBatch.Detection;

/// <summary>A frame with its detections; owns both. Passing it on passes ownership on.</summary>
public sealed class DetectedFrame(VideoFrame frame, DetectionList detections) : IDisposable
{
    public VideoFrame Frame { get; } = frame;

    public DetectionList Detections { get; } = detections;

    public void Dispose()
    {
        Detections.Dispose();
        Frame.Dispose();
    }
}
