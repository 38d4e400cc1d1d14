using SegBatch.Tracking;

namespace SegBatch.Evaluation;

/// <summary>
/// Identity precision, recall and F1 (Ristani et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking", 2016):
/// each track of the truth is given at most one found track for the whole sequence, so that most detections agree.
/// </summary>
public sealed record IdentityScore(long TruePositives, long FalseNegatives, long FalsePositives)
{
    /// <summary>Name and value of each figure.</summary>
    public IReadOnlyList<(string Name, double Value)> Figures =>
        [
            ("IDF1", TruePositives / Math.Max(1, TruePositives + (0.5 * FalseNegatives) + (0.5 * FalsePositives))),
            ("IDP", TruePositives / (double)Math.Max(1, TruePositives + FalsePositives)),
            ("IDR", TruePositives / (double)Math.Max(1, TruePositives + FalseNegatives)),
        ];

    /// <summary>Name and value of each count.</summary>
    public IReadOnlyList<(string Name, long Value)> Counts => [("IDTP", TruePositives), ("IDFN", FalseNegatives), ("IDFP", FalsePositives)];

    public static IdentityScore operator +(IdentityScore a, IdentityScore b) =>
        new(a.TruePositives + b.TruePositives, a.FalseNegatives + b.FalseNegatives, a.FalsePositives + b.FalsePositives);

    internal static IdentityScore Of(TrackingSequence sequence)
    {
        var shared = new Dictionary<(int Truth, int Found), int>();
        foreach (var frame in sequence.Frames)
        {
            foreach (var pair in frame.Pairs.Where(pair => pair.IoU >= TrackingSequence.LeastIoU))
            {
                var ids = (frame.TruthIds[pair.Truth], frame.FoundIds[pair.Found]);
                shared[ids] = shared.GetValueOrDefault(ids) + 1;
            }
        }

        AssignmentPair[] pairs =
        [
            .. shared.OrderBy(pair => pair.Key).Select(pair => new AssignmentPair(pair.Key.Truth, pair.Key.Found, -pair.Value)),
        ];
        var matching = new LinearAssignment();
        matching.SolveSparse(pairs, sequence.TruthCounts.Length, sequence.FoundCounts.Length, limit: 0);
        var foundOf = matching.ColumnOfRow;
        var hits = 0L;
        for (var truth = 0; truth < foundOf.Length; truth++)
        {
            hits += foundOf[truth] >= 0 ? shared[(truth, foundOf[truth])] : 0;
        }

        return new IdentityScore(hits, sequence.Truths - hits, sequence.Founds - hits);
    }
}
