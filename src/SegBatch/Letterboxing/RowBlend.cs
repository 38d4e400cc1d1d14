using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SegBatch.Letterboxing;

/// <summary>The vertical step of OpenCV's 8-bit INTER_LINEAR with its rounding to levels, and the division by 255 into planes.</summary>
internal static class RowBlend
{
    /// <param name="upper">Four 16-bit sums a pixel, R, G, B and 0, in 1/128 of a level, rounded up to whole vectors of 8 pixels.</param>
    /// <param name="lower">As <paramref name="upper"/>.</param>
    /// <param name="weights">Shares of both rows in 1/2048.</param>
    /// <param name="red">Receives 0 to 1; the length is the number of pixels.</param>
    /// <param name="green">As <paramref name="red"/>.</param>
    /// <param name="blue">As <paramref name="red"/>.</param>
    public static void Write(
        ReadOnlySpan<short> upper,
        ReadOnlySpan<short> lower,
        (short Upper, short Lower) weights,
        Span<float> red,
        Span<float> green,
        Span<float> blue
    )
    {
        var upperWeight = Vector256.Create(weights.Upper);
        var lowerWeight = Vector256.Create(weights.Lower);
        ref var a = ref MemoryMarshal.GetReference(upper);
        ref var b = ref MemoryMarshal.GetReference(lower);
        for (var x = 0; x < red.Length; x += 8)
        {
            var offset = (nuint)x * 4;
            var first = Blend(Vector256.LoadUnsafe(ref a, offset), Vector256.LoadUnsafe(ref b, offset), upperWeight, lowerWeight);
            var second = Blend(
                Vector256.LoadUnsafe(ref a, offset + 16),
                Vector256.LoadUnsafe(ref b, offset + 16),
                upperWeight,
                lowerWeight
            );
            var pixels = Vector256.Narrow(first.AsUInt16(), second.AsUInt16()).AsInt32(); // 8 × R, G, B, 0
            Store(pixels & Vector256.Create(0xff), red, x);
            Store(pixels >>> 8 & Vector256.Create(0xff), green, x);
            Store(pixels >>> 16 & Vector256.Create(0xff), blue, x);
        }
    }

    private static Vector256<short> Blend(
        Vector256<short> upper,
        Vector256<short> lower,
        Vector256<short> upperWeight,
        Vector256<short> lowerWeight
    ) =>
        FixedPointLanes.MultiplyHigh(upper, upperWeight) + FixedPointLanes.MultiplyHigh(lower, lowerWeight) + Vector256.Create((short)2)
        >> 2;

    private static void Store(Vector256<int> levels, Span<float> row, int x)
    {
        // 1/255 in two parts: the same numbers as the division, checked for all 256 levels, in a fraction of its time.
        const float reciprocal = 1 / 255f;
        const float remainder = (float)(1 / 255.0 - reciprocal);
        var singles = Vector256.ConvertToSingle(levels);
        var values = Vector256.FusedMultiplyAdd(singles, Vector256.Create(reciprocal), singles * remainder);
        if (row.Length - x >= 8)
        {
            values.CopyTo(row[x..]);
            return;
        }

        for (var i = 0; x + i < row.Length; i++)
        {
            row[x + i] = values[i];
        }
    }
}
