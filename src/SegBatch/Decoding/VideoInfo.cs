using SegBatch.Geometry;

namespace SegBatch.Decoding;

/// <summary>What a container says of its first real video stream. Declared counts and durations are evidence, not truth.</summary>
public sealed record VideoInfo
{
    public required string Path { get; init; }

    /// <summary>Demuxer, as FFmpeg names it ("mov,mp4,m4a,3gp,3g2,mj2").</summary>
    public required string Container { get; init; }

    /// <summary>Codec, as FFmpeg names it ("h264"). "png", "mjpeg", … for pictures.</summary>
    public required string Codec { get; init; }

    /// <summary>Size in upright pixels: rotation applied.</summary>
    public required FrameSize Size { get; init; }

    /// <summary>Clockwise rotation that makes the picture upright: 0, 90, 180 or 270 degrees.</summary>
    public int Rotation { get; init; }

    /// <summary>FFmpeg's name of the coded sample layout ("yuv420p10le").</summary>
    public required string PixelFormat { get; init; }

    public required ColorSpec Color { get; init; }

    /// <summary>Pixel width over height; 1/1 when square or unknown.</summary>
    public Rational SampleAspectRatio { get; init; } = new(1, 1);

    /// <summary>Seconds per tick of every PTS of the stream.</summary>
    public required Rational TimeBase { get; init; }

    /// <summary>First PTS, in ticks; null when the file has none.</summary>
    public long? StartPts { get; init; }

    /// <summary>Frames per second by the container's own guess; not valid when unknown. Never used for timing, only for estimates and trackers.</summary>
    public Rational FrameRate { get; init; }

    /// <summary>Declared duration in seconds, null when unknown.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>Frames to expect, from the declared count or duration × rate; null when unknown.</summary>
    public long? EstimatedFrames { get; init; }

    public int AudioStreams { get; init; }

    /// <summary>A still picture or a folder of them.</summary>
    public bool IsImage { get; init; }
}
