namespace SegBatch.Masks;

/// <summary>
/// The connected regions of a picture of labels: pixels of one label that touch, also by a corner (8 neighbours). Two passes over runs with
/// a disjoint-set forest (Rosenfeld and Pfaltz 1966; path halving and the lower number as root), so the work is that of the outlines.
/// Keeps its memory for the next picture: one instance per thread.
/// </summary>
internal sealed class ConnectedRegions
{
    private int[] _parent = [];
    private int[] _region = [];
    private int _count;

    /// <summary>Region of each run of the last picture. Regions are numbered by their first run: from the left, then from the top.</summary>
    public ReadOnlySpan<int> RegionOfRun => _region.AsSpan(0, _count);

    /// <returns>The number of regions.</returns>
    public int Find(LabelRuns runs)
    {
        var all = runs.Runs;
        _count = all.Length;
        if (_parent.Length < _count)
        {
            _parent = new int[Math.Max(_count, 2 * _parent.Length)];
            _region = new int[_parent.Length];
        }

        for (var run = 0; run < _count; run++)
        {
            _parent[run] = run;
        }

        for (var column = 1; column < runs.Size.Width; column++)
        {
            Join(all, runs.Column(column - 1), runs.Column(column));
        }

        var regions = 0;
        for (var run = 0; run < _count; run++)
        {
            var root = Root(run);
            _region[run] = root == run ? regions++ : _region[root]; // a root is the lowest number of its set, so it was numbered before
        }

        return regions;
    }

    /// <summary>Both columns' runs go down together; each pair that touches is looked at once.</summary>
    private void Join(ReadOnlySpan<LabelRun> runs, (int First, int End) left, (int First, int End) right)
    {
        var (i, j) = (left.First, right.First);
        while (i < left.End && j < right.End)
        {
            ref readonly var a = ref runs[i];
            ref readonly var b = ref runs[j];
            if (a.Label == b.Label && a.Top <= b.Bottom && b.Top <= a.Bottom)
            {
                Unite(i, j);
            }

            // The one that ends first is done with, but for the corner by which it may touch the other column's next run.
            if (a.Bottom < b.Bottom)
            {
                i++;
            }
            else if (b.Bottom < a.Bottom)
            {
                j++;
            }
            else
            {
                Corner(runs, i, j + 1, right.End);
                Corner(runs, j, i + 1, left.End);
                i++;
                j++;
            }
        }
    }

    private void Corner(ReadOnlySpan<LabelRun> runs, int run, int next, int end)
    {
        if (next < end && runs[next].Label == runs[run].Label && runs[next].Top == runs[run].Bottom)
        {
            Unite(run, next);
        }
    }

    private void Unite(int a, int b)
    {
        var (rootOfA, rootOfB) = (Root(a), Root(b));
        if (rootOfA < rootOfB)
        {
            _parent[rootOfB] = rootOfA;
        }
        else
        {
            _parent[rootOfA] = rootOfB;
        }
    }

    private int Root(int run)
    {
        while (_parent[run] != run)
        {
            run = _parent[run] = _parent[_parent[run]];
        }

        return run;
    }
}
