using SegBatch.Geometry;

namespace SegBatch.Masks;

/// <summary>
/// A binary mask of a whole frame as run lengths in COCO order: column by column, each column top to bottom, the first
/// count is of zeros (it may be 0), counts add up to width × height. Masks are born in this form; no bitmap exists.
/// The counts are borrowed from a pooled buffer: valid until the frame that owns them is disposed. <see cref="Copy"/> to keep one.
/// </summary>
public readonly record struct RleMask(FrameSize Size, ReadOnlyMemory<int> Counts)
{
    /// <summary>Number of set pixels.</summary>
    public long Area
    {
        get
        {
            var area = 0L;
            var counts = Counts.Span;
            for (var i = 1; i < counts.Length; i += 2)
            {
                area += counts[i];
            }

            return area;
        }
    }

    /// <summary>Smallest box of whole pixels around the set pixels, right and bottom exclusive; all zero for an empty mask.</summary>
    public Box Bounds
    {
        get
        {
            var (left, top, right, bottom) = PixelBounds;
            return new Box(left, top, right, bottom);
        }
    }

    /// <summary>As <see cref="Bounds"/>, in whole numbers.</summary>
    internal (int Left, int Top, int Right, int Bottom) PixelBounds
    {
        get
        {
            var height = Size.Height;
            var (left, top, right, bottom) = (int.MaxValue, int.MaxValue, 0, 0);
            var counts = Counts.Span;
            var start = 0;
            for (var i = 0; i + 1 < counts.Length; i += 2)
            {
                start += counts[i];
                var length = counts[i + 1];
                if (length == 0)
                {
                    continue;
                }

                var last = start + length - 1;
                var firstColumn = start / height;
                var lastColumn = last / height;
                left = Math.Min(left, firstColumn);
                right = Math.Max(right, lastColumn + 1);
                if (firstColumn == lastColumn)
                {
                    top = Math.Min(top, start - firstColumn * height);
                    bottom = Math.Max(bottom, last - firstColumn * height + 1);
                }
                else
                {
                    // A run over the end of a column holds that column's bottom pixel and the next one's top pixel.
                    (top, bottom) = (0, height);
                }

                start = last + 1;
            }

            return right == 0 ? default : (left, top, right, bottom);
        }
    }

    /// <summary>
    /// Mean of the centres of the set pixels, in frame pixels: pixel (x, y) has its centre at (x + 0.5, y + 0.5), so the centroid of
    /// a box-shaped mask is the centre of its <see cref="Bounds"/>. Not a number for an empty mask.
    /// </summary>
    public (double X, double Y) Centroid
    {
        get
        {
            var height = Size.Height;
            var (sumX, sumY, area) = (0d, 0d, 0L);
            var counts = Counts.Span;
            var start = 0;
            for (var i = 0; i + 1 < counts.Length; i += 2)
            {
                start += counts[i];
                area += counts[i + 1];
                for (var end = start + counts[i + 1]; start < end; )
                {
                    var column = start / height;
                    var row = start - column * height;
                    var inColumn = Math.Min(end - start, height - row);
                    sumX += (column + 0.5) * inColumn;
                    sumY += (row + 0.5 * inColumn) * inColumn;
                    start += inColumn;
                }
            }

            return (sumX / area, sumY / area);
        }
    }

    /// <summary>The same mask in memory of its own.</summary>
    public RleMask Copy() => this with { Counts = Counts.ToArray() };

    /// <summary>Checks a mask that came from outside.</summary>
    /// <exception cref="FormatException">A side is not positive, a count is negative, or the counts do not add up to width × height.</exception>
    public void Validate()
    {
        if (Size.Width <= 0 || Size.Height <= 0)
        {
            throw new FormatException($"a mask of {Size} has no pixels");
        }

        var sum = 0L;
        foreach (var count in Counts.Span)
        {
            if (count < 0)
            {
                throw new FormatException($"a run length of the {Size} mask is negative: {count}");
            }

            sum += count;
        }

        if (sum != Size.Area)
        {
            throw new FormatException($"the run lengths of the {Size} mask add up to {sum}, expected {Size.Area} (width x height)");
        }
    }

    /// <summary>Run lengths of a row-major bitmap of width × height bytes; every byte other than 0 is set.</summary>
    /// <exception cref="ArgumentException">The bitmap is not width × height bytes long.</exception>
    public static RleMask FromBitmap(ReadOnlySpan<byte> bitmap, FrameSize size)
    {
        ThrowIfNotFrame(bitmap.Length, size, nameof(bitmap));
        var counts = new List<int>();
        var (run, set) = (0, false);
        for (var x = 0; x < size.Width; x++)
        {
            for (var y = 0; y < size.Height; y++, run++)
            {
                if (bitmap[y * size.Width + x] != 0 != set)
                {
                    counts.Add(run);
                    (run, set) = (0, !set);
                }
            }
        }

        counts.Add(run);
        return new RleMask(size, counts.ToArray());
    }

    /// <summary>Writes the mask as a row-major bitmap of width × height bytes, 0 or 1.</summary>
    /// <exception cref="ArgumentException">The destination is not width × height bytes long.</exception>
    public void ToBitmap(Span<byte> destination)
    {
        ThrowIfNotFrame(destination.Length, Size, nameof(destination));
        var (column, row, set) = (0, 0, false);
        foreach (var count in Counts.Span)
        {
            for (var rest = count; rest > 0; )
            {
                var inColumn = Math.Min(rest, Size.Height - row);
                for (var end = row + inColumn; row < end; row++)
                {
                    destination[row * Size.Width + column] = set ? (byte)1 : (byte)0;
                }

                rest -= inColumn;
                if (row == Size.Height)
                {
                    (column, row) = (column + 1, 0);
                }
            }

            set = !set;
        }
    }

    private static void ThrowIfNotFrame(int length, FrameSize size, string parameter)
    {
        if (length != size.Area)
        {
            throw new ArgumentException($"a bitmap of {size} has {size.Area} bytes, got {length}", parameter);
        }
    }
}
