namespace SegBatch.Native.FFmpeg;

/// <summary>What the container and the codec's header say of a video stream, in FFmpeg's own words and numbers.</summary>
public sealed record VideoStreamInfo
{
    public required string Codec { get; init; }

    public required string PixelFormat { get; init; }

    /// <summary>Coded picture size, before any rotation.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Clockwise degrees that make the picture upright, 0 to 359.</summary>
    public required int Rotation { get; init; }

    public required (int Num, int Den) TimeBase { get; init; }

    public required (int Num, int Den) FrameRate { get; init; }

    public required (int Num, int Den) SampleAspectRatio { get; init; }

    public required SampleColor Color { get; init; }

    public required bool IsRgb { get; init; }

    public required long? StartPts { get; init; }

    public required double? DurationSeconds { get; init; }

    /// <summary>The container's own count; null when it has none.</summary>
    public required long? DeclaredFrames { get; init; }

    public required int AudioStreams { get; init; }
}

/// <summary>AVColorSpace and AVColorRange of samples, as numbers (ISO/IEC 23091-2).</summary>
public readonly record struct SampleColor(int Matrix, bool FullRange, int Primaries, int Transfer);
