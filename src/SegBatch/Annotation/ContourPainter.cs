using SegBatch.Decoding;
using SegBatch.Masks;

namespace SegBatch.Annotation;

/// <summary>
/// Draws the outline of a mask: every pixel of it with a 4-neighbour outside. Upper and lower edges are the ends of the mask's
/// own column runs, left and right edges the ends of its row spans; nothing else is looked at.
/// </summary>
internal static class ContourPainter
{
    /// <summary>Draws a square of <paramref name="thickness"/> pixels at each outline pixel; <paramref name="spans"/> are those of the mask.</summary>
    public static void Paint(in YuvPicture picture, in RleMask mask, ReadOnlySpan<RowSpan> spans, YuvColor color, int thickness)
    {
        foreach (var span in spans)
        {
            Dot(picture, span.X1, span.Y, color, thickness);
            Dot(picture, span.X2 - 1, span.Y, color, thickness);
        }

        var height = mask.Size.Height;
        var counts = mask.Counts.Span;
        var position = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            var end = position + counts[i];
            if (i % 2 == 1)
            {
                while (position < end)
                {
                    var (x, y) = ((int)(position / height), (int)(position % height));
                    var length = (int)Math.Min(end - position, height - y);
                    Dot(picture, x, y, color, thickness);
                    Dot(picture, x, y + length - 1, color, thickness);
                    position += length;
                }
            }

            position = end;
        }
    }

    private static void Dot(in YuvPicture picture, int x, int y, YuvColor color, int thickness)
    {
        var (x1, y1) = (Math.Max(x - (thickness - 1) / 2, 0), Math.Max(y - (thickness - 1) / 2, 0));
        var (x2, y2) = (Math.Min(x + thickness / 2, picture.Size.Width - 1), Math.Min(y + thickness / 2, picture.Size.Height - 1));
        for (y = y1; y <= y2; y++)
        {
            for (x = x1; x <= x2; x++)
            {
                picture.Y[y * picture.StrideY + x] = color.Y;
            }
        }

        for (y = y1 / 2; y <= y2 / 2; y++)
        {
            for (x = x1 / 2; x <= x2 / 2; x++)
            {
                var chroma = y * picture.StrideUv + x;
                picture.U[chroma] = color.U;
                picture.V[chroma] = color.V;
            }
        }
    }
}
