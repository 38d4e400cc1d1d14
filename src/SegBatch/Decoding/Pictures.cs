using SegBatch.Geometry;

namespace SegBatch.Decoding;

/// <summary>
/// 8-bit planar YUV 4:2:0 of one frame, upright. Chroma planes have (width+1)/2 × (height+1)/2 samples; each holds for its 2 × 2
/// pixels, wherever the stream says it was sited: FFmpeg's and OpenCV's conversions, which networks are fed with, read it so.
/// A view: it must not outlive the frame it was taken from. Writing draws into the frame.
/// </summary>
public readonly ref struct YuvPicture(FrameSize size, ColorSpec color, Span<byte> y, int strideY, Span<byte> u, Span<byte> v, int strideUv)
{
    public FrameSize Size { get; } = size;

    public ColorSpec Color { get; } = color;

    public Span<byte> Y { get; } = y;

    /// <summary>Bytes from one luma row to the next; at least the width.</summary>
    public int StrideY { get; } = strideY;

    public Span<byte> U { get; } = u;

    public Span<byte> V { get; } = v;

    /// <summary>Bytes from one chroma row to the next, the same for both planes.</summary>
    public int StrideUv { get; } = strideUv;
}

/// <summary>Interleaved 8-bit R,G,B of one frame, upright, full range. A view: it must not outlive the frame.</summary>
public readonly ref struct RgbPicture(FrameSize size, ReadOnlySpan<byte> pixels, int stride)
{
    public FrameSize Size { get; } = size;

    public ReadOnlySpan<byte> Pixels { get; } = pixels;

    /// <summary>Bytes from one row to the next; at least 3 × width.</summary>
    public int Stride { get; } = stride;
}
