namespace SegBatch.Evaluation;

/// <summary>
/// Higher order tracking accuracy (Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 2021), kept as
/// sums, so that sequences and classes are combined by adding them up. All lists have a value per localisation threshold α.
/// </summary>
/// <param name="Truths">Detections of the truth.</param>
/// <param name="Founds">Detections of the tracker.</param>
/// <param name="TruePositives">Matched pairs.</param>
/// <param name="LocalisationSum">Sum of the pairs' overlaps.</param>
/// <param name="AssociationSum">Sum over the pairs of TPA / (TPA + FNA + FPA); the next two of its recall and its precision.</param>
public sealed record Hota(
    long Truths,
    long Founds,
    IReadOnlyList<long> TruePositives,
    IReadOnlyList<double> LocalisationSum,
    IReadOnlyList<double> AssociationSum,
    IReadOnlyList<double> AssociationRecallSum,
    IReadOnlyList<double> AssociationPrecisionSum
)
{
    /// <summary>0.05 to 0.95 in steps of 0.05.</summary>
    public static IReadOnlyList<double> Alphas { get; } = [.. Enumerable.Range(0, 19).Select(i => 0.05 + (i * 0.05))];

    public IReadOnlyList<double> DetA => Each(i => TruePositives[i] / (double)Math.Max(1, Truths + Founds - TruePositives[i]));

    public IReadOnlyList<double> DetRe => Each(i => TruePositives[i] / (double)Math.Max(1, Truths));

    public IReadOnlyList<double> DetPr => Each(i => TruePositives[i] / (double)Math.Max(1, Founds));

    public IReadOnlyList<double> AssA => Each(i => AssociationSum[i] / Math.Max(1, TruePositives[i]));

    public IReadOnlyList<double> AssRe => Each(i => AssociationRecallSum[i] / Math.Max(1, TruePositives[i]));

    public IReadOnlyList<double> AssPr => Each(i => AssociationPrecisionSum[i] / Math.Max(1, TruePositives[i]));

    /// <summary>Mean overlap of the pairs; 1 without any.</summary>
    public IReadOnlyList<double> LocA => Each(i => TruePositives[i] == 0 ? 1 : LocalisationSum[i] / TruePositives[i]);

    /// <summary>HOTA at each α: the geometric mean of detection and association accuracy.</summary>
    public IReadOnlyList<double> PerAlpha => Each(i => Math.Sqrt(DetA[i] * AssA[i]));

    /// <summary>Open-world tracking accuracy: as HOTA with detection recall alone (Liu et al., "Opening up Open World Tracking", CVPR 2022).</summary>
    public IReadOnlyList<double> Owta => Each(i => Math.Sqrt(DetRe[i] * AssA[i]));

    /// <summary>Name and value of each figure: means over α, then the values at α = 0.05.</summary>
    public IReadOnlyList<(string Name, double Value)> Figures =>
        [
            ("HOTA", PerAlpha.Average()),
            ("DetA", DetA.Average()),
            ("AssA", AssA.Average()),
            ("DetRe", DetRe.Average()),
            ("DetPr", DetPr.Average()),
            ("AssRe", AssRe.Average()),
            ("AssPr", AssPr.Average()),
            ("LocA", LocA.Average()),
            ("OWTA", Owta.Average()),
            ("HOTA(0)", PerAlpha[0]),
            ("LocA(0)", LocA[0]),
            ("HOTALocA(0)", PerAlpha[0] * LocA[0]),
        ];

    public static Hota operator +(Hota a, Hota b) =>
        new(
            a.Truths + b.Truths,
            a.Founds + b.Founds,
            [.. a.TruePositives.Zip(b.TruePositives, (x, y) => x + y)],
            Sum(a.LocalisationSum, b.LocalisationSum),
            Sum(a.AssociationSum, b.AssociationSum),
            Sum(a.AssociationRecallSum, b.AssociationRecallSum),
            Sum(a.AssociationPrecisionSum, b.AssociationPrecisionSum)
        );

    private static double[] Sum(IReadOnlyList<double> a, IReadOnlyList<double> b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[] Each(Func<int, double> value) => [.. Enumerable.Range(0, Alphas.Count).Select(value)];
}
