namespace SegBatch.Quantization;

/// <summary>
/// Chooses the range of a tensor: the one with the smallest squared error over the histogram. A rare large value costs every other value
/// its precision, so clamping it is often cheaper than covering it.
/// </summary>
internal static class RangeChoice
{
    private const int Steps = 32;
    private const float Smallest = 0.2f;

    /// <param name="histogram">What was seen.</param>
    /// <param name="behind">
    /// The function that follows the tensor, if what counts is its result: in front of x·sigmoid(x) large negative values may be clamped,
    /// because all of them come out near 0. Null for the identity.
    /// </param>
    public static QuantizedRange LeastSquares(ActivationHistogram histogram, Func<float, float>? behind = null)
    {
        var bins = histogram
            .Bins()
            .Select(bin => (bin.Center, bin.Count, Wanted: behind is null ? bin.Center : behind(bin.Center)))
            .ToArray();
        var (min, max) = (histogram.Min, histogram.Max);
        var best = (Min: min, Max: max, Error: Error(min, max));
        for (var round = 0; round < 2; round++)
        {
            foreach (var share in Shares())
            {
                Try(best.Min, max * share);
            }

            foreach (var share in Shares())
            {
                Try(min * share, best.Max);
            }
        }

        return QuantizedRange.Of(best.Min, best.Max);

        void Try(float low, float high)
        {
            var error = Error(low, high);
            if (error < best.Error)
            {
                best = (low, high, error);
            }
        }

        double Error(float low, float high)
        {
            var range = QuantizedRange.Of(low, high);
            var table = new float[256];
            for (var i = 0; i < table.Length; i++)
            {
                var value = (i - range.ZeroPoint) * range.Scale;
                table[i] = behind is null ? value : behind(value);
            }

            var sum = 0.0;
            foreach (var (center, count, wanted) in bins)
            {
                var integer = (int)Math.Clamp(MathF.Round(center / range.Scale) + range.ZeroPoint, 0, 255);
                var error = wanted - table[integer];
                sum += count * (double)error * error;
            }

            return sum;
        }
    }

    private static IEnumerable<float> Shares() =>
        Enumerable.Range(0, Steps).Select(step => Smallest + ((1 - Smallest) * step / (Steps - 1)));
}
