using SegBatch.Geometry;

namespace SegBatch.Masks;

/// <summary>
/// Runs of a picture sorted into groups (all of one label, or all of one connected region), and the mask of each group. Keeps its memory
/// for the next picture: one instance per thread.
/// </summary>
internal sealed class RunGroups
{
    private int[] _start = [];
    private int[] _order = [];

    /// <summary>Groups of the last picture; a group may be empty.</summary>
    public int Count { get; private set; }

    /// <summary>Sorts runs by their group, which keeps their order within each (a counting sort).</summary>
    /// <param name="groupOf">Group of each run, 0 to below <paramref name="count"/>.</param>
    public void Sort(ReadOnlySpan<int> groupOf, int count)
    {
        Count = count;
        Reserve(ref _start, count + 1);
        Reserve(ref _order, groupOf.Length);
        Array.Clear(_start, 0, count + 1);
        foreach (var group in groupOf)
        {
            _start[group + 1]++;
        }

        for (var group = 0; group < count; group++)
        {
            _start[group + 1] += _start[group];
        }

        for (var run = 0; run < groupOf.Length; run++)
        {
            _order[_start[groupOf[run]]++] = run;
        }

        // Every start has moved to its group's end, the next one's start.
        Array.Copy(_start, 0, _start, 1, count);
        _start[0] = 0;
    }

    /// <summary>The numbers of a group's runs, in the picture's order.</summary>
    public ReadOnlySpan<int> Of(int group) => _order.AsSpan(_start[group], _start[group + 1] - _start[group]);

    /// <summary>Pixels of a group.</summary>
    public long Area(int group, LabelRuns runs)
    {
        var area = 0L;
        foreach (var run in Of(group))
        {
            area += runs.Runs[run].Length;
        }

        return area;
    }

    /// <summary>Smallest box of whole pixels around a group that is not empty, right and bottom exclusive.</summary>
    public Box Bounds(int group, LabelRuns runs)
    {
        var members = Of(group);
        var all = runs.Runs;
        var (top, bottom) = (int.MaxValue, 0);
        foreach (var run in members)
        {
            top = Math.Min(top, all[run].Top);
            bottom = Math.Max(bottom, all[run].Bottom);
        }

        return new Box(all[members[0]].Column, top, all[members[^1]].Column + 1, bottom);
    }

    /// <summary>Appends the mask of a group that is not empty.</summary>
    public RleMask Append(int group, LabelRuns runs, RunBuffer buffer)
    {
        var height = runs.Size.Height;
        var all = runs.Runs;
        var (begin, end) = (-1, 0); // of the set pixels under way, which may go on into the next column
        foreach (var number in Of(group))
        {
            ref readonly var run = ref all[number];
            var top = checked(run.Column * height + run.Top);
            if (begin < 0)
            {
                buffer.Add(top);
                begin = top;
            }
            else if (top > end)
            {
                buffer.Add(end - begin);
                buffer.Add(top - end);
                begin = top;
            }

            end = top + run.Length;
        }

        buffer.Add(end - begin);
        var pixels = checked((int)runs.Size.Area);
        if (end < pixels)
        {
            buffer.Add(pixels - end);
        }

        return new RleMask(runs.Size, buffer.Take());
    }

    private static void Reserve(ref int[] array, int length)
    {
        if (array.Length < length)
        {
            array = new int[Math.Max(length, 2 * array.Length)];
        }
    }
}
