namespace SegBatch.Evaluation;

/// <summary>One figure of an agreement: its name in JSON and in requirements, what it is, and its value.</summary>
/// <param name="Value">Not a number where there was nothing to compare.</param>
/// <param name="Decimals">Digits after the point that are told.</param>
/// <param name="MoreIsBetter">A requirement is the least value that will do; else the largest.</param>
public sealed record AgreementFigure(string Name, string Meaning, double Value, int Decimals, bool MoreIsBetter)
{
    /// <summary>Every figure of an agreement that a requirement can be made of, in the order in which they are told.</summary>
    public static IReadOnlyList<AgreementFigure> Of(Agreement agreement) =>
        [
            More("recall", "recorded objects that the run has", agreement.Recall, 5),
            More("precision", "objects of the run that were recorded", agreement.Precision, 5),
            Less("box_median", "box difference, median (px)", agreement.BoxDifference.Median, 4),
            Less("box_p99", "box difference, 99 % below (px)", agreement.BoxDifference.P99, 4),
            Less("box_max", "box difference, largest (px)", agreement.BoxDifference.Max, 4),
            Less("score_mean", "score difference, mean", agreement.ScoreDifference.Mean, 5),
            Less("score_p99", "score difference, 99 % below", agreement.ScoreDifference.P99, 5),
            Less("score_max", "score difference, largest", agreement.ScoreDifference.Max, 5),
            More("mask_mean", "mask IoU, mean", agreement.MaskIoU.Mean, 5),
            More("mask_p01", "mask IoU, 99 % above", agreement.MaskIoU.P01, 4),
            More("mask_min", "mask IoU, worst", agreement.MaskIoU.Min, 4),
            More("mask_equal", "masks equal in every pixel", agreement.MasksEqual, 4),
            More("ids_equal", "track ids equal", agreement.IdsEqual ?? double.NaN, 5),
            More("ids_consistent", "track ids consistent", agreement.IdsConsistent ?? double.NaN, 5),
        ];

    /// <summary>The names of all figures.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Of(Agreement.Nothing).Select(figure => figure.Name)];

    /// <summary>As it is told: rounded to <see cref="Decimals"/>.</summary>
    public double Rounded => double.IsNaN(Value) ? Value : Math.Round(Value, Decimals);

    /// <summary>True when the value is at least as good as the limit; never for a figure that could not be compared.</summary>
    public bool Meets(double limit) => MoreIsBetter ? Value >= limit : Value <= limit;

    private static AgreementFigure More(string name, string meaning, double value, int decimals) =>
        new(name, meaning, value, decimals, true);

    private static AgreementFigure Less(string name, string meaning, double value, int decimals) =>
        new(name, meaning, value, decimals, false);
}
