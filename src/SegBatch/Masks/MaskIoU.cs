namespace SegBatch.Masks;

/// <summary>Overlap of two masks of the same frame size, computed on the runs.</summary>
public static class MaskIoU
{
    /// <summary>Pixels set in both masks.</summary>
    /// <exception cref="ArgumentException">The masks have different frame sizes.</exception>
    public static long Intersection(in RleMask a, in RleMask b)
    {
        MaskMerge.ThrowIfSizesDiffer(a, b);
        var runsA = a.Counts.Span;
        var runsB = b.Counts.Span;
        var (indexA, indexB) = (0, 0);
        var (startA, startB) = (0L, 0L);
        var intersection = 0L;
        // One interval of set pixels of each mask at a time; the one that ends first moves on.
        while (indexA + 1 < runsA.Length && indexB + 1 < runsB.Length)
        {
            var (setA, setB) = (startA + runsA[indexA], startB + runsB[indexB]);
            var (endA, endB) = (setA + runsA[indexA + 1], setB + runsB[indexB + 1]);
            intersection += Math.Max(0, Math.Min(endA, endB) - Math.Max(setA, setB));
            if (endA <= endB)
            {
                (startA, indexA) = (endA, indexA + 2);
            }
            else
            {
                (startB, indexB) = (endB, indexB + 2);
            }
        }

        return intersection;
    }

    /// <summary>Intersection over union; 0 when both masks are empty.</summary>
    /// <param name="a">The detection.</param>
    /// <param name="b">The ground truth.</param>
    /// <param name="crowd">
    /// True where <paramref name="b"/> marks a crowd in the sense of COCO: the denominator is then the area of <paramref name="a"/> alone.
    /// </param>
    /// <exception cref="ArgumentException">The masks have different frame sizes.</exception>
    public static double IoU(in RleMask a, in RleMask b, bool crowd = false)
    {
        var intersection = Intersection(a, b);
        var denominator = crowd ? a.Area : a.Area + b.Area - intersection;
        return denominator == 0 ? 0 : (double)intersection / denominator;
    }
}
