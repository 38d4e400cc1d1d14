using System.Numerics;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Masks;

/// <summary>
/// The band along a mask's inner edge: the mask without its erosion by a square. Columns are bit sets, so that a whole word of rows is
/// eroded at once: downwards by shortening the runs, sideways by combining neighbouring columns.
/// </summary>
public static class MaskBoundary
{
    /// <summary>
    /// Width of the band in pixels: 2 % of the frame's diagonal, at least 1 (Cheng et al., "Boundary IoU: Improving Object-Centric
    /// Image Segmentation Evaluation", CVPR 2021).
    /// </summary>
    public static int Distance(FrameSize size) =>
        Math.Max(1, (int)Math.Round(0.02 * Math.Sqrt(((double)size.Width * size.Width) + ((double)size.Height * size.Height))));

    /// <summary>Set pixels that an erosion with a square of 2 · distance + 1 pixels removes; beyond the frame everything is unset.</summary>
    /// <param name="distance">In pixels, at least 1.</param>
    /// <returns>A mask of the same size with memory of its own.</returns>
    public static RleMask Of(in RleMask mask, int distance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(distance, 1);
        var (left, top, right, bottom) = mask.PixelBounds;
        var window = (2 * distance) + 1;
        var (width, words) = (right - left, (bottom - top + 63) / 64);
        if (width < window || bottom - top < window)
        {
            return mask.Copy(); // too thin to have an inside
        }

        var (all, inner) = (new ulong[width * words], new ulong[width * words]);
        foreach (var (column, start, end) in Segments(mask))
        {
            Fill(all.AsSpan((column - left) * words, words), start - top, end - top);
            Fill(inner.AsSpan((column - left) * words, words), start - top + distance, end - top - distance);
        }

        Narrow(inner, width, words, window);
        for (var i = 0; i + (window - 1) * words < inner.Length; i++)
        {
            all[i + (distance * words)] &= ~inner[i];
        }

        return Runs(all, mask.Size, left, top, words);
    }

    /// <summary>Leaves in every column what this and the next window − 1 columns share, by doubling the number of columns combined.</summary>
    private static void Narrow(Span<ulong> columns, int width, int words, int window)
    {
        var combined = 1;
        for (; combined * 2 <= window; combined *= 2)
        {
            And(columns, combined * words, (width - combined) * words);
        }

        And(columns, (window - combined) * words, (width - window + combined) * words);
    }

    private static void And(Span<ulong> columns, int ahead, int length)
    {
        var count = Math.Min(length, columns.Length - ahead);
        var here = columns[..count];
        var there = columns.Slice(ahead, count);
        var i = 0;
        for (; i + Vector256<ulong>.Count <= count; i += Vector256<ulong>.Count)
        {
            // Both are read before one is written, and what is written lies behind: nothing is read that was changed.
            (Vector256.Create(here[i..]) & Vector256.Create(there[i..])).CopyTo(here[i..]);
        }

        for (; i < count; i++)
        {
            here[i] &= there[i];
        }
    }

    private static void Fill(Span<ulong> column, int start, int end)
    {
        for (var row = start; row < end; )
        {
            var count = Math.Min(64 - (row & 63), end - row);
            column[row >> 6] |= (count == 64 ? ulong.MaxValue : (1UL << count) - 1) << (row & 63);
            row += count;
        }
    }

    /// <summary>The runs of set pixels, cut at the columns' ends; those that touch within a column are one.</summary>
    private static List<(int Column, int Start, int End)> Segments(in RleMask mask)
    {
        var segments = new List<(int Column, int Start, int End)>(mask.Counts.Length);
        var height = mask.Size.Height;
        var counts = mask.Counts.Span;
        var position = 0;
        for (var i = 0; i + 1 < counts.Length; i += 2)
        {
            position += counts[i];
            for (var end = position + counts[i + 1]; position < end; )
            {
                var (column, row) = (position / height, position % height);
                var rows = Math.Min(end - position, height - row);
                if (segments.Count > 0 && segments[^1] is var last && last.Column == column && last.End == row)
                {
                    segments[^1] = (column, last.Start, row + rows);
                }
                else
                {
                    segments.Add((column, row, row + rows));
                }

                position += rows;
            }
        }

        return segments;
    }

    private static RleMask Runs(ReadOnlySpan<ulong> columns, FrameSize size, int left, int top, int words)
    {
        var counts = new List<int>();
        var end = 0; // of the last run
        var first = (left * size.Height) + top;
        for (var (i, word) = (0, 0); i < columns.Length; i++)
        {
            for (var bits = columns[i]; bits != 0; )
            {
                var start = BitOperations.TrailingZeroCount(bits);
                var length = BitOperations.TrailingZeroCount(~(bits >> start));
                bits = start + length == 64 ? 0 : bits & (ulong.MaxValue << (start + length));
                if (first + start == end && counts.Count > 0)
                {
                    counts[^1] += length;
                }
                else
                {
                    counts.Add(first + start - end);
                    counts.Add(length);
                }

                end = first + start + length;
            }

            // On to the next word of the column, or the first one of the next column.
            word = word + 1 == words ? 0 : word + 1;
            first += word == 0 ? size.Height - (64 * (words - 1)) : 64;
        }

        if (end < size.Area)
        {
            counts.Add((int)size.Area - end);
        }

        return new RleMask(size, counts.ToArray());
    }
}
