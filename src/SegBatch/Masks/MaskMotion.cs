using SegBatch.Geometry;

namespace SegBatch.Masks;

/// <summary>Moves and scales masks on their runs.</summary>
public static class MaskMotion
{
    /// <summary>
    /// The mask under the map that takes one box onto another, by the nearest pixel: a pixel of the result is set where its centre
    /// comes from a set pixel. What leaves the frame is lost. The result owns its memory.
    /// </summary>
    /// <param name="mask">In a frame of any size; the result has the same.</param>
    /// <param name="from">Frame pixels. A side without length is taken for one of the target's.</param>
    /// <param name="to">Frame pixels; may lie outside the frame.</param>
    public static RleMask Moved(in RleMask mask, in Box from, in Box to)
    {
        var (scaleX, scaleY) = (Scale(from.Width, to.Width), Scale(from.Height, to.Height));
        var (offsetX, offsetY) = (to.X1 - from.X1 * scaleX, to.Y1 - from.Y1 * scaleY);
        var (width, height) = (mask.Size.Width, mask.Size.Height);
        var (left, _, right, _) = mask.PixelBounds;
        var runs = Columns(mask, left, right, out var firstOfColumn);
        var counts = new List<int>();
        var written = 0;
        var first = Math.Max(0, FirstPixel(left * scaleX + offsetX));
        var end = Math.Min(width, FirstPixel(right * scaleX + offsetX));
        for (var x = first; x < end; x++)
        {
            var column = (int)Math.Floor((x + 0.5 - offsetX) / scaleX) - left;
            if ((uint)column >= (uint)(right - left))
            {
                continue; // rounding at the very edge
            }

            for (var run = firstOfColumn[column]; run < firstOfColumn[column + 1]; run++)
            {
                var top = Math.Max(0, FirstPixel(runs[run].Top * scaleY + offsetY));
                var bottom = Math.Min(height, FirstPixel(runs[run].Bottom * scaleY + offsetY));
                if (top < bottom)
                {
                    Add(counts, ref written, x * height + top, bottom - top);
                }
            }
        }

        counts.Add((int)mask.Size.Area - written);
        return new RleMask(mask.Size, counts.ToArray());
    }

    private static double Scale(float from, float to) => from > 0 && to > 0 ? (double)to / from : 1;

    /// <summary>The first pixel whose centre is not before a place.</summary>
    private static int FirstPixel(double place) => (int)Math.Ceiling(place - 0.5);

    /// <summary>Runs of set pixels within one column each, column by column.</summary>
    private static List<(int Top, int Bottom)> Columns(in RleMask mask, int left, int right, out int[] firstOfColumn)
    {
        var height = mask.Size.Height;
        var runs = new List<(int, int)>();
        firstOfColumn = new int[right - left + 1];
        var (start, next) = (0, 0);
        var counts = mask.Counts.Span;
        for (var i = 0; i + 1 < counts.Length; i += 2)
        {
            start += counts[i];
            for (var end = start + counts[i + 1]; start < end; )
            {
                var column = start / height;
                var top = start - column * height;
                var bottom = Math.Min(height, top + end - start);
                for (; next <= column - left; next++)
                {
                    firstOfColumn[next] = runs.Count;
                }

                runs.Add((top, bottom));
                start += bottom - top;
            }
        }

        firstOfColumn.AsSpan(next).Fill(runs.Count);
        return runs;
    }

    private static void Add(List<int> counts, ref int written, int start, int length)
    {
        if (start == written && counts.Count > 0)
        {
            counts[^1] += length;
        }
        else
        {
            counts.Add(start - written);
            counts.Add(length);
        }

        written = start + length;
    }
}
