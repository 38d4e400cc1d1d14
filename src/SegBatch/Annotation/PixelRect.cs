using SegBatch.Decoding;
using SegBatch.Geometry;

namespace SegBatch.Annotation;

/// <summary>A rectangle of whole frame pixels, right and bottom exclusive.</summary>
internal readonly record struct PixelRect(int X1, int Y1, int X2, int Y2)
{
    public int Width => X2 - X1;

    public int Height => Y2 - Y1;

    public bool IsEmpty => X1 >= X2 || Y1 >= Y2;

    public PixelRect ClipTo(FrameSize size) => new(Math.Max(X1, 0), Math.Max(Y1, 0), Math.Min(X2, size.Width), Math.Min(Y2, size.Height));

    public bool Fits(FrameSize size) => X1 >= 0 && Y1 >= 0 && X2 <= size.Width && Y2 <= size.Height;

    public long OverlapWith(in PixelRect other) =>
        Math.Max(0L, Math.Min(X2, other.X2) - Math.Max(X1, other.X1)) * Math.Max(0, Math.Min(Y2, other.Y2) - Math.Max(Y1, other.Y1));

    /// <summary>Mixes a colour into the part inside the picture; chroma samples that are only partly inside get their share.</summary>
    public void Fill(in YuvPicture picture, YuvColor color, int weight)
    {
        var clipped = ClipTo(picture.Size);
        if (clipped.IsEmpty)
        {
            return;
        }

        for (var y = clipped.Y1; y < clipped.Y2; y++)
        {
            Blend.Span(picture.Y.Slice(y * picture.StrideY + clipped.X1, clipped.Width), color.Y, weight);
        }

        // The last chroma sample of an odd picture stands for one luma pixel, which covers it wholly.
        var right = clipped.X2 == picture.Size.Width ? (clipped.X2 + 1) & ~1 : clipped.X2;
        var bottom = clipped.Y2 == picture.Size.Height ? (clipped.Y2 + 1) & ~1 : clipped.Y2;
        for (var row = clipped.Y1 / 2; row < (bottom + 1) / 2; row++)
        {
            var rows = Math.Min(bottom, 2 * row + 2) - Math.Max(clipped.Y1, 2 * row);
            FillChromaRow(picture.U[(row * picture.StrideUv)..], clipped.X1, right, color.U, weight * rows / 2);
            FillChromaRow(picture.V[(row * picture.StrideUv)..], clipped.X1, right, color.V, weight * rows / 2);
        }
    }

    private static void FillChromaRow(Span<byte> samples, int x1, int x2, byte color, int weight)
    {
        var (first, last) = (x1 / 2, (x2 - 1) / 2);
        if (first == last && x2 - x1 == 1)
        {
            samples[first] = Blend.Mix(samples[first], color, weight / 2);
            return;
        }

        if (x1 % 2 == 1)
        {
            samples[first] = Blend.Mix(samples[first], color, weight / 2);
            first++;
        }

        if (x2 % 2 == 1)
        {
            samples[last] = Blend.Mix(samples[last], color, weight / 2);
            last--;
        }

        if (first <= last)
        {
            Blend.Span(samples[first..(last + 1)], color, weight);
        }
    }
}
