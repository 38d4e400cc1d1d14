using System.Buffers;
using SegBatch.Decoding;
using SegBatch.Geometry;

namespace SegBatch.Letterboxing;

/// <summary>
/// Writes a part of a frame into a network's input, stretched to it: planar R, G, B in single precision, 0 to 1, bilinear as
/// <see cref="Letterboxer"/>. Any number of threads may use one at the same time. Tables are made for each crop, a few kilobytes.
/// </summary>
/// <param name="input">Size of the network's input in pixels.</param>
public sealed class CropResizer(FrameSize input)
{
    /// <summary>Values of one picture: 3 × input height × input width.</summary>
    public int Values { get; } = checked((int)(3 * input.Area));

    /// <summary>Stretches the pixels that a box touches, at least one, over the whole input.</summary>
    /// <param name="frame">Read as RGB where it has that, else as YUV.</param>
    /// <param name="box">Frame pixels; what is outside the frame is left out.</param>
    /// <param name="destination">Planes R, G, B, one after the other; every value is written.</param>
    public void Fill(VideoFrame frame, in Box box, Span<float> destination)
    {
        var (left, right) = Pixels(box.X1, box.X2, frame.Size.Width);
        var (top, bottom) = Pixels(box.Y1, box.Y2, frame.Size.Height);
        var crop = new FrameSize(right - left, bottom - top);
        var target = new PlanarTarget(destination[..Values], (int)input.Area, input.Width, 0);
        if (frame.HasRgb)
        {
            var rgb = frame.Rgb;
            var part = new RgbPicture(crop, rgb.Pixels[(top * rgb.Stride + 3 * left)..], rgb.Stride);
            new PixelResizer(crop, input, 3, 3 * crop.Width).Fill(new RgbRows(part), target);
            return;
        }

        // Chroma samples hold for 2 × 2 pixels from even places on: the part begins at one, and its first row and column may not count.
        var (evenLeft, evenTop) = (left & ~1, top & ~1);
        var part420 = Part(frame.Yuv, evenLeft, evenTop, new FrameSize(right - evenLeft, bottom - evenTop));
        var scratch = ArrayPool<byte>.Shared.Rent(4 * part420.Size.Width + PixelResizer.PairBytes);
        try
        {
            var rows = new LaterRows(new YuvRows(part420, scratch), 4 * (left - evenLeft), top - evenTop);
            new PixelResizer(crop, input, 4, 4 * crop.Width + PixelResizer.PairBytes).Fill(rows, target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>First pixel that an interval touches, and the first one behind it.</summary>
    private static (int From, int To) Pixels(float from, float to, int length)
    {
        var first = Math.Clamp((int)MathF.Floor(from), 0, length - 1);
        return (first, Math.Clamp((int)MathF.Ceiling(to), first + 1, length));
    }

    private static YuvPicture Part(in YuvPicture picture, int left, int top, FrameSize size)
    {
        var (luma, chroma) = (top * picture.StrideY + left, top / 2 * picture.StrideUv + left / 2);
        return new YuvPicture(
            size,
            picture.Color,
            picture.Y[luma..],
            picture.StrideY,
            picture.U[chroma..],
            picture.V[chroma..],
            picture.StrideUv
        );
    }

    /// <summary>Rows from a later one on, without their first bytes.</summary>
    private readonly ref struct LaterRows(YuvRows rows, int bytes, int later) : IPixelRows
    {
        private readonly YuvRows _rows = rows;

        public ReadOnlySpan<byte> Row(int y) => _rows.Row(y + later)[bytes..];
    }
}
