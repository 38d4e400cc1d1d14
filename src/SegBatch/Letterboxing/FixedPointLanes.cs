using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SegBatch.Letterboxing;

/// <summary>16-bit fixed-point products over vectors: one instruction on x86, the same numbers from portable operations elsewhere.</summary>
internal static class FixedPointLanes
{
    /// <summary>a[2i]·b[2i] + a[2i+1]·b[2i+1] as 32-bit sums.</summary>
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

    /// <summary>Picks bytes within each half: indices 0 to 15 of the same half, 255 for a 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ShuffleHalves(Vector256<byte> bytes, Vector256<byte> indices) =>
        Avx2.IsSupported
            ? Avx2.Shuffle(bytes, indices)
            : Vector256.Create(
                Vector128.Shuffle(bytes.GetLower(), indices.GetLower()),
                Vector128.Shuffle(bytes.GetUpper(), indices.GetUpper())
            );

    /// <summary>32 pixels of three planes to memory as R, G, B, 0 each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(Vector256<byte> red, Vector256<byte> green, Vector256<byte> blue, ref byte to, nuint offset)
    {
        if (Avx2.IsSupported)
        {
            // Within each half: pairs R G and B 0, then both together; a half of the result is 4 pixels.
            var (redGreen0, redGreen1) = (Avx2.UnpackLow(red, green).AsInt16(), Avx2.UnpackHigh(red, green).AsInt16());
            var zero = Vector256<byte>.Zero;
            var (blue0, blue1) = (Avx2.UnpackLow(blue, zero).AsInt16(), Avx2.UnpackHigh(blue, zero).AsInt16());
            StoreHalves(Avx2.UnpackLow(redGreen0, blue0).AsByte(), ref to, offset);
            StoreHalves(Avx2.UnpackHigh(redGreen0, blue0).AsByte(), ref to, offset + 16);
            StoreHalves(Avx2.UnpackLow(redGreen1, blue1).AsByte(), ref to, offset + 32);
            StoreHalves(Avx2.UnpackHigh(redGreen1, blue1).AsByte(), ref to, offset + 48);
            return;
        }

        for (var i = 0; i < 32; i++)
        {
            var pixel = red[i] | green[i] << 8 | blue[i] << 16;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, offset + 4 * (nuint)i), pixel);
        }
    }

    /// <summary>Pixels 0 to 3 (or what offset names) and 16 pixels further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreHalves(Vector256<byte> pixels, ref byte to, nuint offset)
    {
        pixels.GetLower().StoreUnsafe(ref to, offset);
        pixels.GetUpper().StoreUnsafe(ref to, offset + 64);
    }
}
