namespace SegBatch.Native.FFmpeg;

/// <summary>What the container and the codec's header say of a video stream, in FFmpeg's own words and numbers.</summary>
public sealed record VideoStreamInfo
{
    public required string Codec { get; init; }

    public required string PixelFormat { get; init; }

    /// <summary>Coded picture size, before any rotation.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>What makes the picture upright; null when the container asks for anything but quarter turns.</summary>
    public required Orientation? Orientation { get; init; }

    public required (int Num, int Den) TimeBase { get; init; }

    public required (int Num, int Den) FrameRate { get; init; }

    public required (int Num, int Den) SampleAspectRatio { get; init; }

    public required SampleColor Color { get; init; }

    public required bool IsRgb { get; init; }

    public required long? StartPts { get; init; }

    public required double? DurationSeconds { get; init; }

    /// <summary>The container's own count of frames to show; null when it has none.</summary>
    public required long? DeclaredFrames { get; init; }

    public required int AudioStreams { get; init; }
}
