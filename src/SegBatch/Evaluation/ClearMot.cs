namespace SegBatch.Evaluation;

/// <summary>
/// The CLEAR metrics (Bernardin and Stiefelhagen, "Evaluating Multiple Object Tracking Performance", 2008), as sums over sequences and
/// classes. On masks, MOTA is MOTSA, MOTP is MOTSP, and sMOTA is sMOTSA (Voigtlaender et al., MOTS, 2019).
/// </summary>
/// <param name="IdSwitches">A track of the truth is matched by another track than the last time.</param>
/// <param name="MostlyTracked">Tracks matched in more than 80 % of their frames (Li et al., CVPR 2009); mostly lost: under 20 %.</param>
/// <param name="Fragmentations">Times a track of the truth is matched again after it was lost.</param>
/// <param name="OverlapSum">Sum of the matched pairs' overlaps.</param>
/// <param name="Frames">Of sequences that have both truth and found objects.</param>
public sealed record ClearMot(
    long TruePositives,
    long FalseNegatives,
    long FalsePositives,
    long IdSwitches,
    long MostlyTracked,
    long PartlyTracked,
    long MostlyLost,
    long Fragmentations,
    double OverlapSum,
    long Frames
)
{
    private double Truths => Math.Max(1, TruePositives + FalseNegatives);

    private double Tracks => Math.Max(1, MostlyTracked + PartlyTracked + MostlyLost);

    /// <summary>Name and value of each figure.</summary>
    public IReadOnlyList<(string Name, double Value)> Figures =>
        [
            ("MOTA", (TruePositives - FalsePositives - IdSwitches) / Truths),
            ("MOTP", OverlapSum / Math.Max(1, TruePositives)),
            ("sMOTA", (OverlapSum - FalsePositives - IdSwitches) / Truths),
            ("MODA", (TruePositives - FalsePositives) / Truths),
            ("MOTAL", (TruePositives - FalsePositives - (IdSwitches > 0 ? Math.Log10(IdSwitches) : 0)) / Truths),
            ("CLR_Re", TruePositives / Truths),
            ("CLR_Pr", TruePositives / (double)Math.Max(1, TruePositives + FalsePositives)),
            ("CLR_F1", TruePositives / Math.Max(1, TruePositives + (0.5 * FalseNegatives) + (0.5 * FalsePositives))),
            ("MTR", MostlyTracked / Tracks),
            ("PTR", PartlyTracked / Tracks),
            ("MLR", MostlyLost / Tracks),
            ("FP_per_frame", FalsePositives / (double)Math.Max(1, Frames)),
        ];

    /// <summary>Name and value of each count.</summary>
    public IReadOnlyList<(string Name, long Value)> Counts =>
        [
            ("CLR_TP", TruePositives),
            ("CLR_FN", FalseNegatives),
            ("CLR_FP", FalsePositives),
            ("IDSW", IdSwitches),
            ("MT", MostlyTracked),
            ("PT", PartlyTracked),
            ("ML", MostlyLost),
            ("Frag", Fragmentations),
            ("CLR_Frames", Frames),
        ];

    public static ClearMot operator +(ClearMot a, ClearMot b) =>
        new(
            a.TruePositives + b.TruePositives,
            a.FalseNegatives + b.FalseNegatives,
            a.FalsePositives + b.FalsePositives,
            a.IdSwitches + b.IdSwitches,
            a.MostlyTracked + b.MostlyTracked,
            a.PartlyTracked + b.PartlyTracked,
            a.MostlyLost + b.MostlyLost,
            a.Fragmentations + b.Fragmentations,
            a.OverlapSum + b.OverlapSum,
            a.Frames + b.Frames
        );
}
