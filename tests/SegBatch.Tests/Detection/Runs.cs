namespace SegBatch.Tests.Detection;

/// <summary>Comparison of masks given as run lengths.</summary>
internal static class Runs
{
    /// <summary>Number of pixels set in one mask and not in the other; both must be of the same number of pixels.</summary>
    public static long DifferingPixels(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var different = 0L;
        var (i, j) = (0, 0);
        var (endOfA, endOfB) = ((long)a[0], (long)b[0]);
        for (var position = 0L; ; )
        {
            var end = Math.Min(endOfA, endOfB);
            different += ((i ^ j) & 1) == 1 ? end - position : 0;
            position = end;
            if (endOfA == end && ++i < a.Length)
            {
                endOfA += a[i];
            }

            if (endOfB == end && ++j < b.Length)
            {
                endOfB += b[j];
            }

            if (i >= a.Length || j >= b.Length)
            {
                // A zero-length last run is allowed on either side.
                return Sum(a) == Sum(b) ? different : throw new ArgumentException($"masks of {Sum(a)} and {Sum(b)} pixels");
            }
        }
    }

    private static long Sum(ReadOnlySpan<int> counts)
    {
        var sum = 0L;
        foreach (var count in counts)
        {
            sum += count;
        }

        return sum;
    }
}
