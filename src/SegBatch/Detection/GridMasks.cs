using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>
/// Masks of objects from a map each over the whole input, straight to run lengths. A pixel is set where the value, sampled bilinearly at
/// its centre through the letterbox, is above a threshold. Only the part of the map around values above it is looked at twice. Safe for
/// concurrent use.
/// </summary>
/// <param name="threshold">0 for logits, 0.5 for probabilities.</param>
internal sealed class GridMasks(float threshold)
{
    private static readonly int s_lanes = Vector256<float>.Count;

    private readonly SamplingTables _samplings = new(MaskMode.Exact);

    /// <summary>Appends the mask of one object to <paramref name="runs"/>; false, and nothing appended, when it has no pixel.</summary>
    /// <param name="map">Row-major of <paramref name="size"/>, over the input.</param>
    /// <param name="letterbox">How the frame lies in the network's input.</param>
    public bool TryAppend(ReadOnlySpan<float> map, FrameSize size, in LetterboxTransform letterbox, RunBuffer runs, out RleMask mask)
    {
        mask = default;
        if (!TryExtent(map, size, out var set))
        {
            return false;
        }

        // A sample is between its cell and the next one: pixels from the cell before the first one on, up to the last one.
        var sampling = _samplings.For(letterbox, size);
        var left = sampling.X.FirstPixel[Math.Max(0, set.Column - 1)];
        var right = sampling.X.FirstPixel[set.Column + set.Width];
        var top = sampling.Y.FirstPixel[Math.Max(0, set.Row - 1)];
        var bottom = sampling.Y.FirstPixel[set.Row + set.Height];
        if (left >= right || top >= bottom)
        {
            return false; // in the padding
        }

        var pixels = (left, top, right, bottom);
        var tracer = MaskTracer.OfThread;
        tracer.Patch.TakeFrom(map, size, threshold, sampling, MaskTracer.CellsOf(pixels, sampling));
        return tracer.TryTrace(sampling, letterbox.Source, pixels, runs, out mask);
    }

    /// <summary>The smallest window that holds every value above the threshold; false where there is none.</summary>
    private bool TryExtent(ReadOnlySpan<float> map, FrameSize size, out MapWindow window)
    {
        var (left, right, top, bottom) = (size.Width, 0, -1, 0);
        for (var y = 0; y < size.Height; y++)
        {
            var row = map.Slice(y * size.Width, size.Width);
            if (!TryExtent(row, ref left, ref right))
            {
                continue;
            }

            top = top < 0 ? y : top;
            bottom = y + 1;
        }

        window = new(left, top, right - left, bottom - top);
        return top >= 0;
    }

    private bool TryExtent(ReadOnlySpan<float> row, ref int left, ref int right)
    {
        ref var first = ref MemoryMarshal.GetReference(row);
        var limit = Vector256.Create(threshold);
        var any = false;
        var x = 0;
        for (; x <= row.Length - s_lanes; x += s_lanes)
        {
            var above = Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)x), limit).ExtractMostSignificantBits();
            if (above != 0)
            {
                any = true;
                left = Math.Min(left, x + BitOperations.TrailingZeroCount(above));
                right = Math.Max(right, x + 32 - BitOperations.LeadingZeroCount(above));
            }
        }

        for (; x < row.Length; x++)
        {
            if (row[x] > threshold)
            {
                any = true;
                left = Math.Min(left, x);
                right = Math.Max(right, x + 1);
            }
        }

        return any;
    }
}
