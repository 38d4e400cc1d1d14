namespace SegBatch.Annotation;

public enum ColorBy
{
    Track,
    Class,
}

/// <summary>What is drawn on annotated pictures. Names follow Ultralytics where both have the option.</summary>
public sealed record AnnotationOptions
{
    public ColorBy ColorBy { get; init; } = ColorBy.Track;

    public bool Masks { get; init; } = true;

    public bool Contours { get; init; } = true;

    public bool Boxes { get; init; } = true;

    public bool Labels { get; init; } = true;

    /// <summary>Write the score behind the name.</summary>
    public bool ShowConf { get; init; } = true;

    /// <summary>Seconds of path drawn behind each track; 0 draws none.</summary>
    public double TraceSeconds { get; init; } = 2;

    /// <summary>Pixels; null: from the frame's size, as the reference does.</summary>
    public int? LineWidth { get; init; }

    /// <summary>Share of the mask's colour in the mix.</summary>
    public float MaskOpacity { get; init; } = 0.5f;
}
