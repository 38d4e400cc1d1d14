using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Tracking;

/// <summary>
/// A mask as vertical spans, column by column from the top: what a mask's runs become once they are cut at the ends of columns. In this
/// form it can be laid anywhere without being written anew. The memory is its own and used again: no allocation once warm.
/// </summary>
internal sealed class MaskShape
{
    /// <summary>Boxes end here: what lies beyond is in no frame, and must not cost memory.</summary>
    private const int LongestSide = 1 << 16;

    private ColumnSpan[] _spans = [];
    private int _count;

    /// <summary>A part of one column; the bottom is exclusive.</summary>
    private readonly record struct ColumnSpan(int X, int Top, int Bottom);

    /// <summary>Pixels.</summary>
    public long Area { get; private set; }

    public int Left { get; private set; }

    public int Top { get; private set; }

    /// <summary>Exclusive, as <see cref="Bottom"/> is.</summary>
    public int Right { get; private set; }

    public int Bottom { get; private set; }

    /// <summary>Becomes a mask.</summary>
    public void Take(in RleMask mask)
    {
        Clear();
        var height = mask.Size.Height;
        var (column, row) = (0, 0);
        var counts = mask.Counts.Span;
        for (var i = 0; i < counts.Length; i++)
        {
            var isSet = (i & 1) != 0;
            for (var rest = counts[i]; rest > 0; )
            {
                if (!isSet && rest >= height)
                {
                    column += rest / height;
                    rest %= height;
                    continue;
                }

                var length = Math.Min(rest, height - row);
                if (isSet)
                {
                    Add(column, row, row + length);
                }

                (row, rest) = (row + length, rest - length);
                if (row == height)
                {
                    (column, row) = (column + 1, 0);
                }
            }
        }
    }

    /// <summary>Becomes a box, where there are no masks: no pixel for a box without area.</summary>
    public void Take(in Box box)
    {
        Clear();
        if (!(box.Width > 0 && box.Height > 0))
        {
            return;
        }

        var (top, bottom) = (Pixel(box.Y1), Pixel(box.Y2));
        var right = Pixel(box.X2);
        for (var x = Pixel(box.X1); x < right; x++)
        {
            Add(x, top, Math.Max(bottom, top + 1));
        }
    }

    /// <summary>Becomes a copy.</summary>
    public void CopyFrom(MaskShape other)
    {
        if (_spans.Length < other._count)
        {
            _spans = new ColumnSpan[Math.Max(64, 2 * other._count)];
        }

        other._spans.AsSpan(0, other._count).CopyTo(_spans);
        (_count, Area) = (other._count, other.Area);
        (Left, Top, Right, Bottom) = (other.Left, other.Top, other.Right, other.Bottom);
    }

    /// <summary>Whether the smallest boxes around the two share a pixel when this one is laid elsewhere.</summary>
    public bool Meets(int dx, int dy, MaskShape other) =>
        Left + dx < other.Right && other.Left < Right + dx && Top + dy < other.Bottom && other.Top < Bottom + dy;

    /// <summary>Pixels of the shape inside a frame when it is laid elsewhere; all of them for a frame of no size.</summary>
    public long AreaInside(int dx, int dy, FrameSize size)
    {
        if (size.Area == 0 || (Left + dx >= 0 && Top + dy >= 0 && Right + dx <= size.Width && Bottom + dy <= size.Height))
        {
            return Area;
        }

        var area = 0L;
        foreach (ref readonly var span in _spans.AsSpan(0, _count))
        {
            if (span.X + dx >= 0 && span.X + dx < size.Width)
            {
                area += Math.Max(0, Math.Min(size.Height, span.Bottom + dy) - Math.Max(0, span.Top + dy));
            }
        }

        return area;
    }

    /// <summary>Pixels that this shape, laid elsewhere, shares with another.</summary>
    public long Intersection(int dx, int dy, MaskShape other)
    {
        if (!Meets(dx, dy, other))
        {
            return 0;
        }

        var a = _spans.AsSpan(0, _count)[FirstFrom(other.Left - dx)..];
        var b = other._spans.AsSpan(0, other._count)[other.FirstFrom(Left + dx)..];
        var shared = 0L;
        for (var (i, j) = (0, 0); i < a.Length && j < b.Length; )
        {
            ref readonly var own = ref a[i];
            ref readonly var its = ref b[j];
            var ahead = own.X + dx - its.X;
            if (ahead != 0)
            {
                _ = ahead < 0 ? i++ : j++;
                continue;
            }

            shared += Math.Max(0, Math.Min(own.Bottom + dy, its.Bottom) - Math.Max(own.Top + dy, its.Top));
            _ = own.Bottom + dy < its.Bottom ? i++ : j++;
        }

        return shared;
    }

    /// <summary>Index of the first span in a column or right of it.</summary>
    private int FirstFrom(int x)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _spans[middle].X < x ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int Pixel(float edge) => (int)Math.Clamp(MathF.Round(edge), -LongestSide, LongestSide);

    private void Clear() => (_count, Area, Left, Top, Right, Bottom) = (0, 0, int.MaxValue, int.MaxValue, int.MinValue, int.MinValue);

    private void Add(int x, int top, int bottom)
    {
        if (_count == _spans.Length)
        {
            Array.Resize(ref _spans, Math.Max(64, 2 * _count));
        }

        _spans[_count++] = new ColumnSpan(x, top, bottom);
        Area += bottom - top;
        (Left, Right) = (Math.Min(Left, x), Math.Max(Right, x + 1));
        (Top, Bottom) = (Math.Min(Top, top), Math.Max(Bottom, bottom));
    }
}
