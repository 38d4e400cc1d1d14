namespace SegBatch.Motion;

/// <summary>How finely a <see cref="SparseFlow"/> looks.</summary>
internal sealed record FlowSettings
{
    /// <summary>Longest side of the picture that the default looks at, pixels.</summary>
    public const int LongestSide = 640;

    /// <summary>Corners at most.</summary>
    public required int MostCorners { get; init; }

    /// <summary>Share of the best corner's response that a corner needs.</summary>
    public double Quality { get; init; } = 0.01;

    /// <summary>Level of the pyramid on which corners are looked for.</summary>
    public required int CornerLevel { get; init; }

    /// <summary>One corner in each square of so many pixels of that level; 1: all.</summary>
    public required int Cell { get; init; }

    /// <summary>Side of the windows, pixels.</summary>
    public required int Window { get; init; }

    /// <summary>Levels of the pyramid, where the picture is large enough.</summary>
    public required int Levels { get; init; }

    /// <summary>Steps per level.</summary>
    public required int Steps { get; init; }

    /// <summary>A shorter step is the last one, pixels of level 0.</summary>
    public required float Precision { get; init; }

    /// <summary>The same on the other levels, in their pixels.</summary>
    public required float CoarsePrecision { get; init; }

    /// <summary>Distance at which a corner agrees with a motion, pixels.</summary>
    public required float Reach { get; init; }

    /// <summary>Least squares over what agrees, so many times.</summary>
    public required int Refits { get; init; }

    /// <summary>As the reference calls OpenCV; the number of corners is what its recordings show.</summary>
    public static FlowSettings Reference { get; } =
        new()
        {
            MostCorners = 400,
            CornerLevel = 0,
            Cell = 1,
            Window = 21,
            Levels = 4,
            Steps = 30,
            Precision = 0.01f,
            CoarsePrecision = 0.01f,
            Reach = 3,
            Refits = 1,
        };

    /// <summary>Fewer corners, spread over the picture, and narrower windows: made for pictures of <see cref="LongestSide"/>.</summary>
    public static FlowSettings Default { get; } =
        new()
        {
            MostCorners = 128,
            CornerLevel = 1,
            Cell = 12,
            Window = 15,
            Levels = 3,
            Steps = 12,
            Precision = 0.03f,
            CoarsePrecision = 0.15f,
            Reach = 1,
            Refits = 2,
        };
}
