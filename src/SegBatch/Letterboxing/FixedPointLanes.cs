using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SegBatch.Letterboxing;

/// <summary>16-bit fixed-point products over vectors: one instruction on x86, the same numbers from portable operations elsewhere.</summary>
internal static class FixedPointLanes
{
    /// <summary>a[2i]·b[2i] + a[2i+1]·b[2i+1] as 32-bit sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAddPairs(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyAddAdjacent(a, b);
        }

        var (a32, b32) = (a.AsInt32(), b.AsInt32());
        return (a32 << 16 >> 16) * (b32 << 16 >> 16) + (a32 >> 16) * (b32 >> 16);
    }

    /// <inheritdoc cref="MultiplyAddPairs(Vector128{short}, Vector128{short})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAddPairs(Vector256<short> a, Vector256<short> b)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.MultiplyAddAdjacent(a, b);
        }

        var (a32, b32) = (a.AsInt32(), b.AsInt32());
        return (a32 << 16 >> 16) * (b32 << 16 >> 16) + (a32 >> 16) * (b32 >> 16);
    }

    /// <summary>a·b &gt;&gt; 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyHigh(Vector256<short> a, Vector256<short> b)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.MultiplyHigh(a, b);
        }

        var ((a0, a1), (b0, b1)) = (Vector256.Widen(a), Vector256.Widen(b));
        return Vector256.Narrow(a0 * b0 >> 16, a1 * b1 >> 16);
    }

    /// <summary>a·b + 2¹⁴ &gt;&gt; 15: a times the fraction b / 2¹⁵, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyFraction(Vector256<short> a, Vector256<short> b)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.MultiplyHighRoundScale(a, b);
        }

        var ((a0, a1), (b0, b1)) = (Vector256.Widen(a), Vector256.Widen(b));
        var half = Vector256.Create(1 << 14);
        return Vector256.Narrow(a0 * b0 + half >> 15, a1 * b1 + half >> 15);
    }
}
