namespace SegBatch.Detection;

/// <summary>How the values that a network gives for classes are scores.</summary>
internal interface IScore
{
    /// <summary>No value up to this one is a score above the threshold; values above it may be.</summary>
    static abstract float Floor(float conf);

    /// <summary>The score, 0 to 1.</summary>
    static abstract float Of(float value);
}

/// <summary>The values are scores.</summary>
internal readonly struct Probability : IScore
{
    public static float Floor(float conf) => conf;

    public static float Of(float value) => value;
}

/// <summary>The values are log-odds: score = 1 / (1 + exp(-value)), rounded to single precision.</summary>
internal readonly struct Logit : IScore
{
    /// <summary>Above it, the rounding of scores is worth more than the margin in log-odds.</summary>
    private const double Highest = 0.99;

    private const double Margin = 1e-3;

    /// <summary>Log-odds of the threshold, less a margin far above all rounding: the score itself decides.</summary>
    public static float Floor(float conf) =>
        conf <= 0 ? float.NegativeInfinity : (float)(Math.Log(Math.Min(conf, Highest) / (1 - Math.Min(conf, Highest))) - Margin);

    public static float Of(float value) => (float)(1 / (1 + Math.Exp(-(double)value)));
}
