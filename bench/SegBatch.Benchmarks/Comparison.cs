namespace SegBatch.Benchmarks;

/// <summary>What a kernel and its baseline made of the same input.</summary>
/// <param name="Kernel">Which kernel on which input.</param>
/// <param name="Difference">How far they are apart, in words; null when they agree.</param>
public readonly record struct Comparison(string Kernel, string? Difference)
{
    /// <summary>Compares numbers.</summary>
    /// <param name="tolerance">Largest difference that is rounding.</param>
    public static Comparison Of(string kernel, ReadOnlySpan<float> found, ReadOnlySpan<float> expected, double tolerance)
    {
        if (found.Length != expected.Length)
        {
            return new(kernel, $"{found.Length} values, the baseline has {expected.Length}");
        }

        for (var i = 0; i < found.Length; i++)
        {
            if (!(Math.Abs(found[i] - expected[i]) <= tolerance))
            {
                return new(kernel, $"value {i} is {found[i]}, the baseline has {expected[i]}");
            }
        }

        return new(kernel, null);
    }

    /// <summary>Compares things that must be equal, one by one.</summary>
    public static Comparison Of<T>(string kernel, ReadOnlySpan<T> found, ReadOnlySpan<T> expected)
        where T : IEquatable<T>
    {
        var common = found.CommonPrefixLength(expected);
        if (common == found.Length && common == expected.Length)
        {
            return new(kernel, null);
        }

        var (ours, theirs) = (
            common < found.Length ? $"{found[common]}" : "missing",
            common < expected.Length ? $"{expected[common]}" : "missing"
        );
        return new(kernel, $"item {common} of {found.Length} is {ours}, the baseline has {theirs} of {expected.Length}");
    }
}
