namespace SegBatch.Inference;

/// <summary>What a job states about a model against, or in place of, the file's metadata. Null leaves the file's word.</summary>
public sealed record ModelOverrides
{
    /// <summary>Class names by id.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Input sides are multiples of this.</summary>
    public int? Stride { get; init; }

    /// <summary>Input size (height, width) in pixels.</summary>
    public (int Height, int Width)? ImgSz { get; init; }

    public string? Task { get; init; }

    /// <summary>The graph ends with final boxes; no suppression is owed.</summary>
    public bool? EndToEnd { get; init; }
}
