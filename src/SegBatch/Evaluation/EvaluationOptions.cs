namespace SegBatch.Evaluation;

/// <summary>What is evaluated, and how.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Key of the only video to evaluate; null for all of the truth.</summary>
    public string? Video { get; init; }

    /// <summary>Leave out videos of the truth that the run does not have; else they are an error.</summary>
    public bool CommonVideos { get; init; }

    /// <summary>Leave out frames without truth; else what is found in them is wrong.</summary>
    public bool AnnotatedFrames { get; init; }

    /// <summary>All classes as one.</summary>
    public bool Agnostic { get; init; }

    /// <summary>Also boundary AP, which costs most.</summary>
    public bool Boundary { get; init; } = true;

    /// <summary>What tracks are compared on; null for masks where the truth has them.</summary>
    public OverlapKind? TrackOn { get; init; }
}
