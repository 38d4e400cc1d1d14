namespace SegBatch.Evaluation;

/// <summary>How well tracks agree with the truth, as sums: adding combines sequences, and classes weighted by their detections.</summary>
public sealed record TrackingScore(Hota Hota, ClearMot Clear, IdentityScore Identity)
{
    /// <summary>Name and value of each figure.</summary>
    public IEnumerable<(string Name, double Value)> Figures => [.. Hota.Figures, .. Clear.Figures, .. Identity.Figures];

    /// <summary>Name and value of each count.</summary>
    public IEnumerable<(string Name, long Value)> Counts => [.. Clear.Counts, .. Identity.Counts];

    /// <summary>One class of one video.</summary>
    /// <param name="frames">All frames of the video in order.</param>
    /// <exception cref="EvaluationException">A track occurs twice in a frame.</exception>
    public static TrackingScore Of(IReadOnlyList<EvaluatedFrame> frames, OverlapKind kind, int classId)
    {
        var sequence = TrackingSequence.Of(frames, kind, classId);
        return new TrackingScore(HotaScoring.Of(sequence), ClearScoring.Of(sequence), IdentityScore.Of(sequence));
    }

    public static TrackingScore operator +(TrackingScore a, TrackingScore b) =>
        new(a.Hota + b.Hota, a.Clear + b.Clear, a.Identity + b.Identity);

    /// <summary>Each figure's mean over the classes, each class weighing the same.</summary>
    public static IReadOnlyList<(string Name, double Value)> ClassAverage(IReadOnlyList<TrackingScore> classes) =>
        [
            .. classes
                .SelectMany(score => score.Figures)
                .GroupBy(figure => figure.Name)
                .Select(group => (group.Key, group.Average(figure => figure.Value))),
        ];
}
