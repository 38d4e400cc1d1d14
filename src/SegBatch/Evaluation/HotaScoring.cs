using System.Collections.Concurrent;
using SegBatch.Tracking;

namespace SegBatch.Evaluation;

/// <summary>
/// Computes <see cref="Hota"/> of a sequence (Luiten et al. 2021). Every frame is matched once, for all α: by overlap weighted with how well
/// the two tracks fit over the whole sequence; at each α the pairs count that overlap at least so much.
/// </summary>
internal static class HotaScoring
{
    public static Hota Of(TrackingSequence sequence)
    {
        var pairs = new TrackPairs(sequence);
        var alignment = pairs.Alignment(sequence);
        var matched = Match(sequence, pairs, alignment);
        var levels = Hota.Alphas.Count;
        var (counts, located) = (new int[pairs.Count * levels], new double[levels]);
        for (var frame = 0; frame < matched.Length; frame++)
        {
            foreach (var pair in matched[frame])
            {
                var overlap = sequence.Frames[frame].Pairs[pair].IoU;
                var level = Level(overlap);
                if (level >= 0)
                {
                    counts[(pairs.Of(frame, pair) * levels) + level]++;
                    located[level] += overlap;
                }
            }
        }

        return Sum(sequence, pairs, counts, located);
    }

    /// <summary>The highest α that an overlap reaches; −1 for none.</summary>
    private static int Level(double overlap)
    {
        var level = -1;
        while (level + 1 < Hota.Alphas.Count && overlap >= Hota.Alphas[level + 1] - TrackingSequence.Epsilon)
        {
            level++;
        }

        return level;
    }

    private static int[][] Match(TrackingSequence sequence, TrackPairs pairs, double[] alignment)
    {
        var matched = new int[sequence.Frames.Count][];
        if (matched.Length == 0)
        {
            return matched;
        }

        Parallel.ForEach(
            Partitioner.Create(0, matched.Length),
            range =>
            {
                var matching = new LinearAssignment();
                for (var index = range.Item1; index < range.Item2; index++)
                {
                    var frame = sequence.Frames[index];
                    var weighted = new AssignmentPair[frame.Pairs.Length];
                    for (var i = 0; i < weighted.Length; i++)
                    {
                        var pair = frame.Pairs[i];
                        weighted[i] = new AssignmentPair(pair.Truth, pair.Found, -alignment[pairs.Of(index, i)] * pair.IoU);
                    }

                    matching.SolveSparse(weighted, frame.TruthIds.Length, frame.FoundIds.Length, limit: 0);
                    var foundOf = matching.ColumnOfRow;
                    var taken = new List<int>(frame.TruthIds.Length);
                    for (var i = 0; i < weighted.Length; i++)
                    {
                        if (foundOf[weighted[i].Row] == weighted[i].Column)
                        {
                            taken.Add(i);
                        }
                    }

                    matched[index] = [.. taken];
                }
            }
        );
        return matched;
    }

    /// <summary>What reaches an α reaches all below it, so sums run from the highest down.</summary>
    private static Hota Sum(TrackingSequence sequence, TrackPairs pairs, int[] counts, double[] located)
    {
        var levels = Hota.Alphas.Count;
        var hits = new long[levels];
        var (association, recall, precision) = (new double[levels], new double[levels], new double[levels]);
        for (var pair = 0; pair < pairs.Count; pair++)
        {
            var (truth, found) = pairs.Ids(pair);
            var (truths, founds) = (sequence.TruthCounts[truth], sequence.FoundCounts[found]);
            var shared = 0;
            for (var level = levels - 1; level >= 0; level--)
            {
                shared += counts[(pair * levels) + level];
                hits[level] += shared;
                association[level] += shared * ((double)shared / Math.Max(1, truths + founds - shared));
                recall[level] += shared * ((double)shared / Math.Max(1, truths));
                precision[level] += shared * ((double)shared / Math.Max(1, founds));
            }
        }

        for (var level = levels - 2; level >= 0; level--)
        {
            located[level] += located[level + 1];
        }

        return new Hota(sequence.Truths, sequence.Founds, hits, located, association, recall, precision);
    }
}
