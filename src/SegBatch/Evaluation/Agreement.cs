namespace SegBatch.Evaluation;

/// <summary>A detection that only one side has.</summary>
/// <param name="Frame">Index in the recording.</param>
public sealed record LoneDetection(long Frame, int ClassId, double Score, BoxCorners Box);

/// <summary>How far a run agrees with a recording.</summary>
/// <param name="Frames">Frames compared.</param>
/// <param name="FramesNotInRun">Recorded frames that the run does not have.</param>
/// <param name="FramesLeftOut">Those are not counted; else what they hold counts as lost.</param>
/// <param name="Reference">Objects recorded.</param>
/// <param name="Ours">Objects of the run in those frames.</param>
/// <param name="Matched">Pairs of the same class whose boxes overlap with IoU of at least <see cref="Comparison.MatchIoU"/>.</param>
/// <param name="BoxDifference">Per pair: the largest distance of an edge, in pixels.</param>
/// <param name="ScoreDifference">Per pair, absolute.</param>
/// <param name="MaskIoU">Per pair whose masks have one size. Empty where the recording has none at the frame's size.</param>
/// <param name="MasksEqual">Share of these that are the same pixel for pixel.</param>
/// <param name="MaskSizesDiffer">The recording has masks, but of another size.</param>
/// <param name="IdsEqual">Share of pairs with the same id; null without a tracker.</param>
/// <param name="IdsConsistent">Share of pairs in which a recorded id meets its most frequent partner; null without a tracker.</param>
/// <param name="Lost">Recorded, but not in the run.</param>
/// <param name="Gained">In the run, but not recorded.</param>
public sealed record Agreement(
    int Frames,
    int FramesNotInRun,
    bool FramesLeftOut,
    int Reference,
    int Ours,
    int Matched,
    Distribution BoxDifference,
    Distribution ScoreDifference,
    Distribution MaskIoU,
    double MasksEqual,
    bool MaskSizesDiffer,
    double? IdsEqual,
    double? IdsConsistent,
    IReadOnlyList<LoneDetection> Lost,
    IReadOnlyList<LoneDetection> Gained
)
{
    /// <summary>What comparing nothing with nothing gives.</summary>
    internal static Agreement Nothing { get; } =
        new(0, 0, false, 0, 0, 0, Distribution.Of([]), Distribution.Of([]), Distribution.Of([]), double.NaN, false, null, null, [], []);

    /// <summary>Share of recorded objects that the run has.</summary>
    public double Recall => Matched / (double)Math.Max(1, Reference);

    /// <summary>Share of the run's objects that were recorded.</summary>
    public double Precision => Matched / (double)Math.Max(1, Ours);
}
