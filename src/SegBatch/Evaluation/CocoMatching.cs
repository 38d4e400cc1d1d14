namespace SegBatch.Evaluation;

/// <summary>A detection of one class after matching: a bit for each of the ten IoU thresholds, in each of the four size classes.</summary>
/// <param name="Rank">In its frame, by score, from 0.</param>
internal readonly record struct MatchedDetection(double Score, int Rank, ulong Matched, ulong Ignored)
{
    public bool IsMatched(int area, int threshold) => ((Matched >> ((16 * area) + threshold)) & 1) != 0;

    public bool IsIgnored(int area, int threshold) => ((Ignored >> ((16 * area) + threshold)) & 1) != 0;
}

/// <summary>
/// Matches the detections of one class with the truth, frame by frame, by the rules of the COCO evaluation page (cocodataset.org,
/// "Detection Evaluation"): best score first takes the truth it overlaps most, at most 100 detections of a class in an image, crowds take
/// any number, and what lies outside a size class is neither right nor wrong.
/// </summary>
internal sealed class CocoMatching(int classId, OverlapKind kind)
{
    public const int MostDetections = 100;

    private readonly List<MatchedDetection> _detections = [];
    private readonly long[] _asked = new long[Areas.Length];

    /// <summary>Bounds of the truth's area in square pixels, both inclusive: all, small, medium, large.</summary>
    public static readonly (double Low, double High)[] Areas = [(0, 1e10), (0, 32 * 32), (32 * 32, 96 * 96), (96 * 96, 1e10)];

    /// <summary>0.50 to 0.95 in steps of 0.05.</summary>
    public static readonly double[] Thresholds = [.. Enumerable.Range(0, 10).Select(i => i == 9 ? 0.95 : 0.5 + (i * ((0.95 - 0.5) / 9)))];

    /// <summary>Objects of the truth that are asked for in a size class.</summary>
    public long Asked(int area) => _asked[area];

    /// <summary>All detections so far, best score first; those of equal score in the order in which they were added.</summary>
    public MatchedDetection[] ByScore() => [.. _detections.OrderByDescending(detection => detection.Score)];

    public void Add(EvaluatedFrame frame)
    {
        var truths = Indices(
            frame.Truths,
            truth => truth.ClassId == classId || (truth.ClassId == EvaluationObject.AnyClass && truth.IsCrowd)
        );
        var founds = Indices(frame.Founds, found => found.ClassId == classId);
        if (truths.Length + founds.Length == 0)
        {
            return;
        }

        founds = [.. founds.OrderByDescending(index => frame.Founds[index].Score).Take(MostDetections)];
        var overlaps = Overlaps(frame, truths, founds);
        var matched = new ulong[founds.Length];
        var ignored = new ulong[founds.Length];
        for (var area = 0; area < Areas.Length; area++)
        {
            var (low, high) = Areas[area];
            var isIgnored = Array.ConvertAll(
                truths,
                index => frame.Truths[index] is var truth && (truth.IsCrowd || truth.IsIgnored || truth.Area < low || truth.Area > high)
            );
            _asked[area] += isIgnored.Count(ignore => !ignore);
            int[] order = [.. Enumerable.Range(0, truths.Length).OrderBy(truth => isIgnored[truth])];
            for (var threshold = 0; threshold < Thresholds.Length; threshold++)
            {
                var taken = new bool[truths.Length];
                for (var found = 0; found < founds.Length; found++)
                {
                    var bit = 1UL << ((16 * area) + threshold);
                    var row = overlaps.AsSpan(found * truths.Length, truths.Length);
                    var best = Best(frame, truths, order, isIgnored, taken, row, Math.Min(Thresholds[threshold], 1 - 1e-10));
                    if (best >= 0)
                    {
                        taken[best] = true;
                        matched[found] |= bit;
                        ignored[found] |= isIgnored[best] ? bit : 0;
                    }
                    else if (Area(frame.Founds[founds[found]]) is var size && (size < low || size > high))
                    {
                        ignored[found] |= bit;
                    }
                }
            }
        }

        _detections.AddRange(
            founds.Select((index, rank) => new MatchedDetection(frame.Founds[index].Score, rank, matched[rank], ignored[rank]))
        );
    }

    private static int Best(
        EvaluatedFrame frame,
        int[] truths,
        int[] order,
        bool[] isIgnored,
        bool[] taken,
        ReadOnlySpan<double> overlaps,
        double least
    )
    {
        var best = -1;
        foreach (var truth in order)
        {
            if (best >= 0 && !isIgnored[best] && isIgnored[truth])
            {
                break; // a truth that counts is never given up for one that does not
            }

            if (overlaps[truth] >= least && (!taken[truth] || frame.Truths[truths[truth]].IsCrowd))
            {
                (best, least) = (truth, overlaps[truth]);
            }
        }

        return best;
    }

    /// <summary>Row by row: a found object's overlap with each truth.</summary>
    private double[] Overlaps(EvaluatedFrame frame, int[] truths, int[] founds)
    {
        var overlaps = new double[truths.Length * founds.Length];
        if (overlaps.Length > 0)
        {
            foreach (var pair in frame.Pairs(kind))
            {
                var (truth, found) = (Array.IndexOf(truths, pair.Truth), Array.IndexOf(founds, pair.Found));
                if (truth >= 0 && found >= 0)
                {
                    overlaps[(found * truths.Length) + truth] = pair.IoU;
                }
            }
        }

        return overlaps;
    }

    private double Area(in FoundEntry found) => kind == OverlapKind.Box ? found.BoxArea : found.MaskArea;

    private static int[] Indices<T>(T[] items, Predicate<T> isWanted) =>
        [.. Enumerable.Range(0, items.Length).Where(index => isWanted(items[index]))];
}
