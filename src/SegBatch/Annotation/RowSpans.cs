using System.Runtime.InteropServices;
using SegBatch.Masks;

namespace SegBatch.Annotation;

/// <summary>Pixels [X1, X2) of row Y, all set in a mask.</summary>
internal readonly record struct RowSpan(int Y, int X1, int X2);

/// <summary>
/// Turns a mask's column-major runs into row spans, because rows are what memory and vectors like. Between neighbouring columns
/// only the rows in the symmetric difference of their run boundaries change state; the work is proportional to the
/// mask's outline, not to its area. Keeps scratch memory: one instance per thread.
/// </summary>
internal sealed class RowSpans
{
    private const int Closed = -1;

    private readonly List<RowSpan> _spans = [];
    private List<int> _left = []; // run boundaries (begin, end, begin, …) of the column before
    private List<int> _column = []; // and of the one being read
    private int[] _openedAt = []; // per row: column where its open span began
    private int _rows;

    /// <summary>What <see cref="Convert"/> returned last.</summary>
    public ReadOnlySpan<RowSpan> Last => CollectionsMarshal.AsSpan(_spans);

    /// <summary>Converts one mask. The spans are disjoint, in no particular order, and valid until the next call.</summary>
    public ReadOnlySpan<RowSpan> Convert(in RleMask mask)
    {
        var (width, height) = (mask.Size.Width, mask.Size.Height);
        Reset(height);
        var (x, y, set) = (0, 0, false);
        foreach (var count in mask.Counts.Span)
        {
            for (var left = count; left > 0 && x < width; )
            {
                var taken = Math.Min(left, height - y);
                if (set)
                {
                    AddRun(y, y + taken);
                }

                left -= taken;
                y += taken;
                if (y == height && !set && _left.Count == 0 && _column.Count == 0)
                {
                    x += 1 + left / height; // nothing open, nothing to open: whole columns at once
                    left %= height;
                    y = 0;
                    continue;
                }

                if (y == height)
                {
                    CloseColumn(x++);
                    y = 0;
                }
            }

            set = !set;
        }

        CloseColumn(x); // an empty column behind the last one ends every open span
        if (y > 0)
        {
            CloseColumn(x + 1); // counts that stop within a column: read as zeros from there
        }

        return CollectionsMarshal.AsSpan(_spans);
    }

    private void Reset(int height)
    {
        _spans.Clear();
        _left.Clear();
        _column.Clear();
        if (_rows != height)
        {
            _rows = height;
            _openedAt = new int[height];
            Array.Fill(_openedAt, Closed);
        }
    }

    private void AddRun(int begin, int end)
    {
        if (_column.Count > 0 && _column[^1] == begin)
        {
            _column[^1] = end; // runs with no zeros between them
            return;
        }

        _column.Add(begin);
        _column.Add(end);
    }

    /// <summary>Toggles the rows whose state differs between the column before and the one just read.</summary>
    private void CloseColumn(int x)
    {
        var before = CollectionsMarshal.AsSpan(_left);
        var now = CollectionsMarshal.AsSpan(_column);
        var (i, j, begin) = (0, 0, -1);
        while (i < before.Length || j < now.Length)
        {
            var a = i < before.Length ? before[i] : int.MaxValue;
            var b = j < now.Length ? now[j] : int.MaxValue;
            if (a == b)
            {
                i++;
                j++;
                continue; // both change here: their difference does not
            }

            int boundary;
            if (a < b)
            {
                boundary = a;
                i++;
            }
            else
            {
                boundary = b;
                j++;
            }

            if (begin < 0)
            {
                begin = boundary;
                continue;
            }

            Toggle(begin, boundary, x);
            begin = -1;
        }

        (_left, _column) = (_column, _left);
        _column.Clear();
    }

    private void Toggle(int begin, int end, int x)
    {
        for (var y = begin; y < end; y++)
        {
            ref var openedAt = ref _openedAt[y];
            if (openedAt == Closed)
            {
                openedAt = x;
            }
            else
            {
                _spans.Add(new(y, openedAt, x));
                openedAt = Closed;
            }
        }
    }
}
