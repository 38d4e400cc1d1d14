namespace SegBatch.Evaluation;

/// <summary>A class and how well its tracks agree with the truth.</summary>
public sealed record ClassTracking(int ClassId, TrackingScore Score);

/// <summary>A video and how well its tracks agree with the truth, all classes added up.</summary>
public sealed record VideoTracking(string Video, TrackingScore Score);

/// <summary>How well tracks agree with the truth.</summary>
/// <param name="Kind">What overlaps were measured on.</param>
/// <param name="All">Videos and classes added up.</param>
/// <param name="ClassAverage">Each figure's mean over the classes.</param>
public sealed record TrackingReport(
    OverlapKind Kind,
    TrackingScore All,
    IReadOnlyList<(string Name, double Value)> ClassAverage,
    IReadOnlyList<ClassTracking> Classes,
    IReadOnlyList<VideoTracking> Videos
);

/// <summary>Everything that was evaluated.</summary>
/// <param name="VideosLeftOut">Videos of the truth that the run does not have.</param>
/// <param name="Truths">Objects of the truth that count, in all frames.</param>
/// <param name="Founds">Objects of the run of classes that the truth knows.</param>
/// <param name="FoundsOfOtherClasses">Objects of the run that were not looked at.</param>
/// <param name="ClassNames">Of the classes evaluated.</param>
/// <param name="Precisions">One for each kind of overlap that the truth allows: mask, boundary, box.</param>
/// <param name="Tracking">Null where the truth or the run has no tracks.</param>
public sealed record EvaluationReport(
    IReadOnlyList<string> Videos,
    IReadOnlyList<string> VideosLeftOut,
    long Frames,
    long Truths,
    long Founds,
    long FoundsOfOtherClasses,
    IReadOnlyDictionary<int, string> ClassNames,
    IReadOnlyList<AveragePrecision> Precisions,
    TrackingReport? Tracking
);
