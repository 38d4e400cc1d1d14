namespace SegBatch.Geometry;

/// <summary>A fraction, as clocks and frame rates are written in containers. The denominator is never negative.</summary>
public readonly record struct Rational(long Numerator, long Denominator)
{
    /// <summary>False for 0/0 and n/0, which containers use for "unknown".</summary>
    public bool IsValid => Denominator > 0;

    public double ToDouble() => (double)Numerator / Denominator;

    public override string ToString() => $"{Numerator}/{Denominator}";
}
