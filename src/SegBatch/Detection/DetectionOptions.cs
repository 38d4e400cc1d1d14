namespace SegBatch.Detection;

/// <summary>How masks are brought to source resolution.</summary>
public enum MaskMode
{
    /// <summary>Prototypes sampled with the true affine map of the letterbox; no crop rounding.</summary>
    Exact,

    /// <summary>The reference's native ("retina") masks, its roundings included.</summary>
    Reference,
}

/// <summary>What counts as a detection. Names and defaults follow Ultralytics.</summary>
public sealed record DetectionOptions
{
    /// <summary>A candidate's best class score must be above this (strictly).</summary>
    public float Conf { get; init; } = 0.25f;

    /// <summary>A box is suppressed when its IoU with a better one is above this (strictly).</summary>
    public float Iou { get; init; } = 0.7f;

    /// <summary>Detections kept per frame.</summary>
    public int MaxDet { get; init; } = 300;

    /// <summary>Class ids to keep; null keeps all.</summary>
    public IReadOnlyList<int>? Classes { get; init; }

    /// <summary>Suppress across classes.</summary>
    public bool AgnosticNms { get; init; }

    public MaskMode Masks { get; init; } = MaskMode.Exact;

    /// <summary>
    /// Semantic networks: a connected region of one class with at least so many frame pixels is an object too, which can be tracked; 0
    /// makes no objects.
    /// </summary>
    public int MinRegion { get; init; } = 40;
}
