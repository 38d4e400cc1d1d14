using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SegBatch.Letterboxing;

namespace SegBatch.Motion;

/// <summary>16 neighbours in a row and those one further right, side by side as the processor multiplies them fastest.</summary>
internal readonly record struct Neighbours(Vector256<short> First, Vector256<short> Second)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Neighbours Of(Vector256<short> left, Vector256<short> right) =>
        Avx2.IsSupported ? new(Avx2.UnpackLow(left, right), Avx2.UnpackHigh(left, right)) : new(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Neighbours Of(ref byte row, int x) => Of(GrayPyramid.Load(ref row, x), GrayPyramid.Load(ref row, x + 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Neighbours Of(ref short row, int x) =>
        Of(Vector256.LoadUnsafe(ref Unsafe.Add(ref row, x)), Vector256.LoadUnsafe(ref Unsafe.Add(ref row, x + 1)));
}

/// <summary>Samples between the samples: weights of the four around a position, in 1/16384.</summary>
internal readonly struct BilinearWindow
{
    private const int Bits = 14;
    private readonly Vector256<short> _upper;
    private readonly Vector256<short> _lower;

    /// <param name="right">Share of the samples to the right, 0 … 1.</param>
    /// <param name="down">Share of those below.</param>
    public BilinearWindow(float right, float down)
    {
        const float scale = 1 << Bits;
        var topLeft = (int)MathF.Round((1 - right) * (1 - down) * scale);
        var topRight = (int)MathF.Round(right * (1 - down) * scale);
        var bottomLeft = (int)MathF.Round((1 - right) * down * scale);
        var bottomRight = (1 << Bits) - topLeft - topRight - bottomLeft;
        _upper = Vector256.Create((topRight << 16) | (ushort)topLeft).AsInt16();
        _lower = Vector256.Create((bottomRight << 16) | (ushort)bottomLeft).AsInt16();
    }

    /// <summary>16 samples, times 2^<paramref name="extraBits"/>, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<short> Between(Neighbours above, Neighbours below, int extraBits)
    {
        var shift = Bits - extraBits;
        var half = Vector256.Create(1 << (shift - 1));
        if (Avx2.IsSupported)
        {
            var first = Avx2.MultiplyAddAdjacent(above.First, _upper) + Avx2.MultiplyAddAdjacent(below.First, _lower) + half;
            var second = Avx2.MultiplyAddAdjacent(above.Second, _upper) + Avx2.MultiplyAddAdjacent(below.Second, _lower) + half;
            return Avx2.PackSignedSaturate(first >> shift, second >> shift); // undoes the order of the unpacking
        }

        var (lower, upper) = (half, half);
        Add(above.First, _upper[0], ref lower, ref upper);
        Add(above.Second, _upper[1], ref lower, ref upper);
        Add(below.First, _lower[0], ref lower, ref upper);
        Add(below.Second, _lower[1], ref lower, ref upper);
        return Vector256.Narrow(lower >> shift, upper >> shift);

        static void Add(Vector256<short> samples, int weight, ref Vector256<int> lower, ref Vector256<int> upper)
        {
            var (first, second) = Vector256.Widen(samples);
            lower += first * weight;
            upper += second * weight;
        }
    }

    /// <summary>Sum of the products of 16 numbers, in eight parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Product(Vector256<short> a, Vector256<short> b) => FixedPointLanes.MultiplyAddPairs(a, b);
}
