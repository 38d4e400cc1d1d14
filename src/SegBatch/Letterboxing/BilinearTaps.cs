namespace SegBatch.Letterboxing;

/// <summary>
/// Which two samples, and how much of each in 1/2048, give each sample of a resized row or column: half-pixel centres in single
/// precision, as OpenCV's INTER_LINEAR on 8 bits has them.
/// </summary>
internal sealed class BilinearTaps
{
    private const int Scale = 2048;

    private BilinearTaps(int length) => (First, Second, Weights) = (new int[length], new int[length], new (short, short)[length]);

    /// <summary>Index of the first sample, on the source.</summary>
    public int[] First { get; }

    /// <summary>Index of the second sample, on the source: the next one, or the first again where it has no share.</summary>
    public int[] Second { get; }

    public (short First, short Second)[] Weights { get; }

    /// <summary>Taps along a row: beyond the first and last sample, all weight lies on that sample.</summary>
    public static BilinearTaps Columns(int source, int destination)
    {
        var taps = new BilinearTaps(destination);
        for (var i = 0; i < destination; i++)
        {
            var (first, fraction) = Position(i, source, destination);
            (first, fraction) =
                first < 0 ? (0, 0)
                : first >= source - 1 ? (source - 1, 0)
                : (first, fraction);
            taps.Set(i, first, first, fraction, source);
        }

        return taps;
    }

    /// <summary>Taps along a column: beyond the first and last sample, both taps read that sample and the weights stay.</summary>
    public static BilinearTaps Rows(int source, int destination)
    {
        var taps = new BilinearTaps(destination);
        for (var i = 0; i < destination; i++)
        {
            var (first, fraction) = Position(i, source, destination);
            taps.Set(i, Math.Clamp(first, 0, source - 1), first, fraction, source);
        }

        return taps;
    }

    private void Set(int i, int first, int position, float fraction, int source)
    {
        Weights[i] = ((short)MathF.Round((1 - fraction) * Scale), (short)MathF.Round(fraction * Scale));
        First[i] = first;
        Second[i] = Weights[i].Second == 0 ? first : Math.Clamp(position + 1, 0, source - 1);
    }

    private static (int First, float Fraction) Position(int i, int source, int destination)
    {
        var scale = 1.0 / ((double)destination / source);
        var position = (float)((i + 0.5) * scale - 0.5);
        var first = (int)MathF.Floor(position);
        return (first, position - first);
    }
}
