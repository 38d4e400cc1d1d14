namespace SegBatch.Evaluation;

/// <summary>COCO's twelve numbers; not a number where the truth has no such object.</summary>
/// <param name="Ap">Mean over IoU 0.50 to 0.95, as all but <paramref name="Ap50"/> and <paramref name="Ap75"/>.</param>
/// <param name="ApSmall">Objects up to 32² pixels; medium up to 96², large above.</param>
/// <param name="Ar1">Recall with at most one detection of a class in an image; then with 10 and with 100.</param>
public sealed record CocoSummary(
    double Ap,
    double Ap50,
    double Ap75,
    double ApSmall,
    double ApMedium,
    double ApLarge,
    double Ar1,
    double Ar10,
    double Ar100,
    double ArSmall,
    double ArMedium,
    double ArLarge
)
{
    /// <summary>Name and value of each, in COCO's order.</summary>
    public IReadOnlyList<(string Name, double Value)> Figures =>
        [
            ("AP", Ap),
            ("AP50", Ap50),
            ("AP75", Ap75),
            ("AP_small", ApSmall),
            ("AP_medium", ApMedium),
            ("AP_large", ApLarge),
            ("AR1", Ar1),
            ("AR10", Ar10),
            ("AR100", Ar100),
            ("AR_small", ArSmall),
            ("AR_medium", ArMedium),
            ("AR_large", ArLarge),
        ];
}

/// <summary>One class: its numbers, and its curves at IoU 0.5.</summary>
/// <param name="PrecisionPerIoU">AP at each of the ten IoU thresholds.</param>
/// <param name="RecallPerIoU">Recall at each with at most 100 detections.</param>
/// <param name="Curve">Null where the truth has no object of the class.</param>
public sealed record ClassPrecision(
    int ClassId,
    CocoSummary Summary,
    IReadOnlyList<double> PrecisionPerIoU,
    IReadOnlyList<double> RecallPerIoU,
    ScoreCurve? Curve
);

/// <summary>
/// Average precision and recall as the COCO evaluation page defines them (cocodataset.org, "Detection Evaluation"): precision made
/// monotone and read at 101 recalls, averaged over ten IoU thresholds and over the classes that the truth has.
/// </summary>
public sealed record AveragePrecision(OverlapKind Kind, CocoSummary Summary, IReadOnlyList<ClassPrecision> Classes)
{
    private const int Recalls = 101;
    private const double RecallStep = 0.01;

    /// <param name="frames">In order: it breaks ties of the score.</param>
    /// <param name="classes">Those to evaluate, one per core at a time.</param>
    public static AveragePrecision Of(IReadOnlyList<EvaluatedFrame> frames, OverlapKind kind, IReadOnlyList<int> classes)
    {
        var results = new ClassPrecision[classes.Count];
        Parallel.For(
            0,
            classes.Count,
            index =>
            {
                var matching = new CocoMatching(classes[index], kind);
                foreach (var frame in frames)
                {
                    matching.Add(frame);
                }

                results[index] = Class(classes[index], matching);
            }
        );
        var summaries = Array.ConvertAll(results, result => result.Summary);
        return new AveragePrecision(kind, Mean(summaries), results);
    }

    private static ClassPrecision Class(int classId, CocoMatching matching)
    {
        var detections = matching.ByScore();
        var areas = Enumerable.Range(0, CocoMatching.Areas.Length).Select(area => Curves(area, CocoMatching.MostDetections)).ToArray();
        var (all, small, medium, large) = (areas[0], areas[1], areas[2], areas[3]);
        var summary = new CocoSummary(
            all.Precision.Average(),
            all.Precision[0],
            all.Precision[5],
            small.Precision.Average(),
            medium.Precision.Average(),
            large.Precision.Average(),
            Curves(0, 1).Recall.Average(),
            Curves(0, 10).Recall.Average(),
            all.Recall.Average(),
            small.Recall.Average(),
            medium.Recall.Average(),
            large.Recall.Average()
        );
        var curve = matching.Asked(0) == 0 ? null : ScoreCurve.Of(detections, matching.Asked(0));
        return new ClassPrecision(classId, summary, all.Precision, all.Recall, curve);

        (double[] Precision, double[] Recall) Curves(int area, int most)
        {
            var points = CocoMatching.Thresholds.Select((_, threshold) => Point(matching, detections, area, threshold, most)).ToArray();
            return (Array.ConvertAll(points, point => point.Precision), Array.ConvertAll(points, point => point.Recall));
        }
    }

    private static (double Precision, double Recall) Point(
        CocoMatching matching,
        MatchedDetection[] detections,
        int area,
        int threshold,
        int most
    )
    {
        double asked = matching.Asked(area);
        if (asked == 0)
        {
            return (double.NaN, double.NaN);
        }

        var (right, wrong) = (0L, 0L);
        var recalls = new List<double>();
        var precisions = new List<double>();
        foreach (var detection in detections)
        {
            if (detection.Rank >= most || detection.IsIgnored(area, threshold))
            {
                continue; // neither right nor wrong: the curve stays where it is
            }

            _ = detection.IsMatched(area, threshold) ? right++ : wrong++;
            recalls.Add(right / asked);
            precisions.Add(right / (right + wrong + Math.BitIncrement(1.0) - 1));
        }

        for (var i = precisions.Count - 2; i >= 0; i--)
        {
            precisions[i] = Math.Max(precisions[i], precisions[i + 1]);
        }

        var (sum, at) = (0d, 0);
        for (var i = 0; i < Recalls && at < recalls.Count; i++)
        {
            while (at < recalls.Count && recalls[at] < i * RecallStep)
            {
                at++;
            }

            sum += at < recalls.Count ? precisions[at] : 0;
        }

        return (sum / Recalls, recalls.Count == 0 ? 0 : recalls[^1]);
    }

    /// <summary>Each number's mean over the classes that have it.</summary>
    private static CocoSummary Mean(CocoSummary[] summaries)
    {
        return new CocoSummary(At(0), At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8), At(9), At(10), At(11));

        double At(int index) =>
            summaries.Select(summary => summary.Figures[index].Value).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
    }
}
