namespace SegBatch.Masks;

/// <summary>Union and intersection of masks of one frame size, computed on the runs. Results own their memory.</summary>
public static class MaskMerge
{
    /// <summary>Pixels set in any of the masks.</summary>
    /// <exception cref="ArgumentException">No mask, or masks of different frame sizes.</exception>
    public static RleMask Union(params ReadOnlySpan<RleMask> masks) => Merge(masks, intersect: false);

    /// <summary>Pixels set in all of the masks.</summary>
    /// <exception cref="ArgumentException">No mask, or masks of different frame sizes.</exception>
    public static RleMask Intersection(params ReadOnlySpan<RleMask> masks) => Merge(masks, intersect: true);

    internal static void ThrowIfSizesDiffer(in RleMask a, in RleMask b)
    {
        if (a.Size != b.Size)
        {
            throw new ArgumentException($"masks of {a.Size} and {b.Size} do not lie in the same frame");
        }
    }

    private static RleMask Merge(ReadOnlySpan<RleMask> masks, bool intersect)
    {
        if (masks.IsEmpty)
        {
            throw new ArgumentException("merging needs at least one mask", nameof(masks));
        }

        var merged = masks[0].Copy();
        foreach (var mask in masks[1..])
        {
            ThrowIfSizesDiffer(merged, mask);
            merged = merged with { Counts = MergeTwo(merged.Counts.Span, mask.Counts.Span, intersect) };
        }

        return merged;
    }

    private static int[] MergeTwo(ReadOnlySpan<int> a, ReadOnlySpan<int> b, bool intersect)
    {
        // Each run of either mask can end one run of the result; one more for the last.
        var counts = new int[a.Length + b.Length + 1];
        var (length, run, value) = (0, 0, false);
        var (indexA, indexB) = (0, 0);
        var (restA, restB) = (a.IsEmpty ? 0 : a[0], b.IsEmpty ? 0 : b[0]);
        while (true)
        {
            while (restA == 0 && indexA + 1 < a.Length)
            {
                restA = a[++indexA];
            }

            while (restB == 0 && indexB + 1 < b.Length)
            {
                restB = b[++indexB];
            }

            var step = Math.Min(restA, restB);
            if (step == 0)
            {
                break;
            }

            var (setA, setB) = ((indexA & 1) != 0, (indexB & 1) != 0);
            var set = intersect ? setA && setB : setA || setB;
            if (set != value)
            {
                counts[length++] = run;
                (run, value) = (0, set);
            }

            run += step;
            restA -= step;
            restB -= step;
        }

        counts[length++] = run;
        return counts[..length];
    }
}
