namespace SegBatch.Evaluation;

/// <summary>Mean, percentiles and extremes of some numbers.</summary>
/// <param name="Count">How many there are; the others are not a number where there are none.</param>
public sealed record Distribution(int Count, double Mean, double Min, double P01, double Median, double P99, double Max)
{
    /// <summary>Percentile p is the value at index ⌊p·n⌋ of the sorted values: an observed one, never a mixture.</summary>
    public static Distribution Of(List<double> values)
    {
        values.Sort();
        return values.Count == 0
            ? new Distribution(0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN)
            : new Distribution(values.Count, values.Average(), values[0], At(0.01), At(0.5), At(0.99), values[^1]);

        double At(double share) => values[Math.Min(values.Count - 1, (int)(share * values.Count))];
    }
}
