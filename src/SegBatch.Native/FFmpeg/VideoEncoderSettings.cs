namespace SegBatch.Native.FFmpeg;

/// <summary>How a video is encoded. The picture is 8-bit YUV 4:2:0 with even sides.</summary>
public sealed record VideoEncoderSettings
{
    /// <summary>FFmpeg's encoder: "libx264", "libx265" or "libsvtav1".</summary>
    public required string Encoder { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Seconds per tick of every PTS given.</summary>
    public required (int Numerator, int Denominator) TimeBase { get; init; }

    /// <summary>Nominal frames per second: steers rate control and the distance of key frames, never the timing.</summary>
    public required (int Numerator, int Denominator) FrameRate { get; init; }

    /// <summary>Width over height of one pixel.</summary>
    public (int Numerator, int Denominator) SampleAspectRatio { get; init; } = (1, 1);

    /// <summary>Luma spans 0–255, not 16–235.</summary>
    public bool FullRange { get; init; }

    /// <summary>Matrix, primaries and transfer as code points of ITU-T H.273; 2 is "unspecified".</summary>
    public (int Matrix, int Primaries, int Transfer) Color { get; init; } = (2, 2, 2);

    /// <summary>Constant rate factor, on the encoder's own scale.</summary>
    public required int Crf { get; init; }

    /// <summary>x264's names; translated to the numbers of SVT-AV1.</summary>
    public required string Preset { get; init; }

    public int Threads { get; init; } = 1;

    /// <summary>The code points that a decoded picture carries.</summary>
    public static unsafe (int Matrix, int Primaries, int Transfer) ColorOf(Picture picture) =>
        ((int)picture.Frame->colorspace, (int)picture.Frame->color_primaries, (int)picture.Frame->color_trc);
}
