using System.Runtime.InteropServices;
using SegBatch.Tracking;

namespace SegBatch.Stitching;

/// <summary>
/// Joins tracks over the gaps between them. Every end and every start is used at most once, and of all ways to do so the one with the
/// least sum of costs is taken; that is repeated, because a longer track knows better where it goes, until nothing joins.
/// </summary>
internal sealed class TrackStitcher(double maxGap)
{
    private readonly LinearAssignment _assignment = new();

    /// <param name="tracks">In any order; ids are unique.</param>
    /// <returns>The tracks after it, by id. Where nothing was joined, the same objects.</returns>
    public List<Trajectory> Stitch(IReadOnlyCollection<Trajectory> tracks)
    {
        var current = tracks.OrderBy(track => track.Id).ToList();
        while (true)
        {
            var joined = Round(current);
            if (joined.Count == current.Count)
            {
                return current;
            }

            current = joined;
        }
    }

    private List<Trajectory> Round(List<Trajectory> tracks)
    {
        var next = Choose(tracks);
        var isContinuation = new bool[tracks.Count];
        foreach (var later in next)
        {
            if (later >= 0)
            {
                isContinuation[later] = true;
            }
        }

        var joined = new List<Trajectory>(tracks.Count);
        for (var i = 0; i < tracks.Count; i++)
        {
            if (isContinuation[i])
            {
                continue;
            }

            var chain = new List<Trajectory>();
            for (var part = i; part >= 0; part = next[part])
            {
                chain.Add(tracks[part]);
            }

            joined.Add(Trajectory.Chain(chain));
        }

        joined.Sort((a, b) => a.Id.CompareTo(b.Id));
        return joined;
    }

    /// <summary>Index of each track's continuation, -1 for none.</summary>
    private ReadOnlySpan<int> Choose(List<Trajectory> tracks)
    {
        int[] byStart =
        [
            .. Enumerable.Range(0, tracks.Count).OrderBy(index => tracks[index].First.Frame).ThenBy(index => tracks[index].Id),
        ];
        var startFrames = Array.ConvertAll(byStart, index => tracks[index].First.Frame);
        var pairs = new List<AssignmentPair>();
        var row = new List<AssignmentPair>();
        for (var i = 0; i < tracks.Count; i++)
        {
            // Only what starts after this one has ended, and not too long after: the starts are in order of time.
            for (var place = FirstAfter(startFrames, tracks[i].Last.Frame); place < byStart.Length; place++)
            {
                var later = tracks[byStart[place]];
                if (later.First.Time - tracks[i].Last.Time > maxGap)
                {
                    break;
                }

                var cost = StitchCost.Of(tracks[i], later);
                if (cost <= StitchCost.Limit)
                {
                    row.Add(new AssignmentPair(i, byStart[place], cost));
                }
            }

            row.Sort((a, b) => a.Column.CompareTo(b.Column));
            pairs.AddRange(row);
            row.Clear();
        }

        _assignment.SolveSparse(CollectionsMarshal.AsSpan(pairs), tracks.Count, tracks.Count, StitchCost.Limit);
        return _assignment.ColumnOfRow;
    }

    private static int FirstAfter(int[] ascending, int value)
    {
        var (low, high) = (0, ascending.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ascending[middle] > value ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
