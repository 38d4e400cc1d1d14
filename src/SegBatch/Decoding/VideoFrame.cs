using SegBatch.Geometry;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>
/// A decoded frame, upright. Borrowed from a <see cref="FramePool"/>: dispose exactly once, by whoever holds it last.
/// </summary>
public sealed class VideoFrame : IDisposable
{
    private readonly FramePool _pool;

    internal VideoFrame(FramePool pool) => _pool = pool;

    /// <summary>From 0 in presentation order, counting every decoded frame of the source, also those a stride skips.</summary>
    public long Index { get; internal set; }

    /// <summary>Presentation time in ticks of <see cref="TimeBase"/>; null only if the file has none.</summary>
    public long? Pts { get; internal set; }

    public Rational TimeBase { get; internal set; }

    /// <summary>Seconds since the stream's start; from the frame rate when the file has no PTS.</summary>
    public double TimeSeconds { get; internal set; }

    /// <summary>Upright pixels.</summary>
    public FrameSize Size { get; internal set; }

    /// <summary>The decoder reported damage or concealment.</summary>
    public bool Corrupt { get; internal set; }

    /// <summary>File name of the picture, for sources that are folders of pictures; else null.</summary>
    public string? File { get; internal set; }

    /// <summary>Where a point of the background seen in the frame before lies in this one, frame pixels; null where nobody looked.</summary>
    public AffineMotion? CameraMotion { get; internal set; }

    /// <summary>What the codec says of where blocks of this frame come from; null where it was not asked for, or does not say it in a way to go by.</summary>
    internal BlockMotions? Blocks { get; set; }

    internal ColorSpec Color { get; set; }

    internal Picture? YuvSamples { get; set; }

    internal Picture? RgbSamples { get; set; }

    /// <summary>The frame where its decoder left it, on a device; null where it is in <see cref="Yuv"/> already.</summary>
    internal Surface? Surface { get; set; }

    internal PictureConverter? Converter { get; set; }

    /// <summary>
    /// The frame as YUV 4:2:0. Always there; a frame that was left on a device is fetched from it by the first who asks, once. Only read
    /// it; drawing starts with <see cref="WritableYuv"/>.
    /// </summary>
    public YuvPicture Yuv
    {
        get
        {
            Fetch();
            var samples = YuvSamples ?? throw new ObjectDisposedException(nameof(VideoFrame));
            return new(Size, Color, samples.Plane(0), samples.Stride(0), samples.Plane(1), samples.Plane(2), samples.Stride(1));
        }
    }

    /// <summary>True for sources that are RGB themselves (pictures) and for readers asked to convert as the reference does.</summary>
    public bool HasRgb => RgbSamples is not null;

    /// <summary>The frame as interleaved RGB, if <see cref="HasRgb"/>.</summary>
    public RgbPicture Rgb
    {
        get
        {
            var samples = RgbSamples ?? throw new InvalidOperationException($"Frame {Index} carries no RGB samples.");
            return new(Size, samples.Plane(0), samples.Stride(0));
        }
    }

    /// <summary>The frame's YUV samples, safe to draw in: copied first if the decoder still refers to them.</summary>
    public YuvPicture WritableYuv()
    {
        Fetch();
        YuvSamples?.EnsureWritable();
        return Yuv;
    }

    /// <summary>Brings the samples to the host, if they are not there.</summary>
    internal void Fetch()
    {
        if (YuvSamples is null && Surface is { } surface && Converter is { } converter)
        {
            lock (converter) // one for all frames of a reader
            {
                YuvSamples = surface.ToPicture(converter);
            }
        }
    }

    /// <summary>Gives the surface back to its decoder, which has few. Without a <see cref="Fetch"/> before, the frame has no samples any more.</summary>
    internal void ReleaseSurface()
    {
        Surface?.Dispose();
        Surface = null;
    }

    /// <summary>Gives the motions of blocks back, once nobody needs them any more.</summary>
    internal void ReleaseBlocks()
    {
        Blocks?.Dispose();
        Blocks = null;
    }

    public void Dispose() => _pool.Return(this);
}
