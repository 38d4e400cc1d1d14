namespace SegBatch.Letterboxing;

/// <summary>
/// Which two samples, and how much of the second, give each sample of a resized row or column: half-pixel centres,
/// positions clamped to the first and last sample.
/// </summary>
internal sealed class BilinearTaps
{
    private BilinearTaps(int[] first, double[] fraction) => (First, Fraction) = (first, fraction);

    /// <summary>Index of the first sample; the second is the next one, and not to be read where its share is 0.</summary>
    public int[] First { get; }

    /// <summary>Share of the second sample, 0 to below 1.</summary>
    public double[] Fraction { get; }

    /// <summary>Taps along luma: destination i lies at (i + 0.5) · source / destination − 0.5.</summary>
    public static BilinearTaps Luma(int source, int destination) => Create(source, destination, position => position, source);

    /// <summary>
    /// Taps along a chroma plane of half the (rounded up) samples. Chroma is taken to lie in the middle of its 2 × 2 luma samples: luma
    /// position p is chroma position (p + 0.5) / 2 − 0.5. MPEG-2 says left, a quarter of a chroma sample away; but FFmpeg's and OpenCV's
    /// conversion to RGB, which networks are fed and recorded with, repeats each chroma sample over its 2 × 2 pixels, and that is centred.
    /// </summary>
    public static BilinearTaps Chroma(int source, int destination) =>
        Create(source, destination, position => (position + 0.5) / 2 - 0.5, (source + 1) / 2);

    private static BilinearTaps Create(int source, int destination, Func<double, double> toPlane, int samples)
    {
        var first = new int[destination];
        var fraction = new double[destination];
        for (var i = 0; i < destination; i++)
        {
            var position = Math.Clamp(toPlane((i + 0.5) * source / destination - 0.5), 0, samples - 1);
            first[i] = (int)position;
            fraction[i] = position - first[i];
        }

        return new(first, fraction);
    }
}
