namespace SegBatch.Evaluation;

/// <summary>Precision, recall and F1 of the detections with at least a given score.</summary>
/// <param name="Score">The least score that is kept.</param>
public readonly record struct ScorePoint(double Score, double Precision, double Recall, double F1);

/// <summary>
/// How precision and recall trade against each other as the score threshold moves, at IoU 0.5. F1 is their harmonic mean
/// (van Rijsbergen, "Information Retrieval", 1979).
/// </summary>
/// <param name="Points">Thresholds 1.00 down to 0.00 in steps of 0.01.</param>
/// <param name="Best">The threshold of the largest F1 among all scores that occur; the highest of several.</param>
public sealed record ScoreCurve(IReadOnlyList<ScorePoint> Points, ScorePoint Best)
{
    private const int Steps = 100;

    /// <param name="detections">Best score first.</param>
    /// <param name="asked">Objects of the truth that count.</param>
    internal static ScoreCurve Of(MatchedDetection[] detections, long asked)
    {
        var points = new List<ScorePoint>();
        var (right, kept, next) = (0L, 0L, 0);
        var best = new ScorePoint(1, double.NaN, 0, 0);
        for (var step = Steps; step >= 0; step--)
        {
            for (; next < detections.Length && detections[next].Score >= step / (double)Steps; next++)
            {
                var counts = !detections[next].IsIgnored(0, 0);
                kept += counts ? 1 : 0;
                right += counts && detections[next].IsMatched(0, 0) ? 1 : 0;
                var isLastOfScore = next + 1 == detections.Length || detections[next + 1].Score < detections[next].Score;
                if (isLastOfScore && Point(detections[next].Score) is var point && point.F1 > best.F1)
                {
                    best = point;
                }
            }

            points.Add(Point(step / (double)Steps));
        }

        return new ScoreCurve(points, best);

        ScorePoint Point(double score) =>
            new(
                score,
                kept == 0 ? double.NaN : right / (double)kept,
                asked == 0 ? double.NaN : right / (double)asked,
                2d * right / Math.Max(1, kept + asked)
            );
    }
}
