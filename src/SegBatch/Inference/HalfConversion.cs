using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SegBatch.Inference;

/// <summary>
/// float16 ↔ float32 (IEEE 754 binary16 and binary32) on the bit patterns, eight lanes at a time; rounding is half to even,
/// as <see cref="Half"/>'s. Both directions agree with Half's casts for every value; NaNs stay NaNs.
/// </summary>
internal static class HalfConversion
{
    private const uint Infinity = 0x7F80_0000;

    /// <summary>Widens bit patterns of float16; exact.</summary>
    public static void ToSingle(ReadOnlySpan<ushort> source, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, source.Length);
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        var i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            var (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)i));
            Widen(lower).StoreUnsafe(ref to, (nuint)i);
            Widen(upper).StoreUnsafe(ref to, (nuint)(i + 8));
        }

        for (; i < source.Length; i++)
        {
            target[i] = (float)BitConverter.UInt16BitsToHalf(source[i]);
        }
    }

    /// <summary>Rounds to bit patterns of float16; beyond 65520 becomes infinity.</summary>
    public static void ToHalf(ReadOnlySpan<float> source, Span<ushort> target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, source.Length);
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        var i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            var lower = Narrow(Vector256.LoadUnsafe(ref from, (nuint)i));
            var upper = Narrow(Vector256.LoadUnsafe(ref from, (nuint)(i + 8)));
            Vector256.Narrow(lower, upper).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < source.Length; i++)
        {
            target[i] = BitConverter.HalfToUInt16Bits((Half)source[i]);
        }
    }

    /// <summary>Moves exponent and mantissa into place; the product with 2^112 corrects the bias and makes subnormals normal.</summary>
    private static Vector256<float> Widen(Vector256<uint> half)
    {
        var magnitude = (half & Vector256.Create(0x7FFFu)) << 13;
        var value = (magnitude.AsSingle() * Vector256.Create(239u << 23).AsSingle()).AsUInt32();
        var isSpecial = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x7C00u << 13));
        value |= isSpecial & Vector256.Create(Infinity);
        return (value | ((half & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }

    private static Vector256<uint> Narrow(Vector256<float> single)
    {
        var bits = single.AsUInt32();
        var magnitude = bits & Vector256.Create(0x7FFF_FFFFu);

        // Normal results: shift the bias from 127 to 15, add just under half of the last place, plus one when it is odd.
        var isOdd = (magnitude >> 13) & Vector256.Create(1u);
        var normal = (magnitude - Vector256.Create(112u << 23) + Vector256.Create(0xFFFu) + isOdd) >> 13;

        // Subnormal results: adding 0.5 leaves the mantissa in units of 2^-24, rounded by the addition itself.
        var half = Vector256.Create(0.5f);
        var subnormal = (magnitude.AsSingle() + half).AsUInt32() - half.AsUInt32();

        var result = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(113u << 23)), subnormal, normal);
        var isLarge = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(143u << 23));
        result = Vector256.ConditionalSelect(isLarge, Vector256.Create(0x7C00u), result);
        var isNaN = Vector256.GreaterThan(magnitude, Vector256.Create(Infinity));
        result = Vector256.ConditionalSelect(isNaN, Vector256.Create(0x7E00u), result);
        return result | ((bits & Vector256.Create(0x8000_0000u)) >> 16);
    }
}
