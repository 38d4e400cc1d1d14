using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SegBatch.Annotation;

/// <summary>
/// Mixing of 8-bit samples: <c>(sample · (256 − w) + colour · w + 128) ≫ 8</c>, where w is the colour's weight of 0 to 256.
/// The products fit 16 unsigned bits for every w.
/// </summary>
internal static class Blend
{
    public const int Full = 256;

    public static byte Mix(byte sample, byte color, int weight) => (byte)((sample * (Full - weight) + color * weight + 128) >> 8);

    /// <summary>Mixes one colour into all samples with one weight.</summary>
    public static void Span(Span<byte> samples, byte color, int weight)
    {
        if (weight >= Full)
        {
            samples.Fill(color);
            return;
        }

        ref var start = ref MemoryMarshal.GetReference(samples);
        var keep = (ushort)(Full - weight);
        var add = (ushort)(color * weight + 128);
        var i = 0;
        for (; i <= samples.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref start, (nuint)i));
            low = (low * keep + Vector256.Create(add)) >>> 8;
            high = (high * keep + Vector256.Create(add)) >>> 8;
            Vector256.Narrow(low, high).StoreUnsafe(ref start, (nuint)i);
        }

        for (; i <= samples.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref start, (nuint)i));
            low = (low * keep + Vector128.Create(add)) >>> 8;
            high = (high * keep + Vector128.Create(add)) >>> 8;
            Vector128.Narrow(low, high).StoreUnsafe(ref start, (nuint)i);
        }

        if (i == samples.Length)
        {
            return;
        }

        if (samples.Length >= Vector128<byte>.Count)
        {
            // The last vector again up to the end, of which only the lanes not yet mixed are taken.
            var last = samples.Length - Vector128<byte>.Count;
            var before = Vector128.LoadUnsafe(ref start, (nuint)last);
            var (low, high) = Vector128.Widen(before);
            low = (low * keep + Vector128.Create(add)) >>> 8;
            high = (high * keep + Vector128.Create(add)) >>> 8;
            var done = Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)(i - last)));
            Vector128.ConditionalSelect(done, before, Vector128.Narrow(low, high)).StoreUnsafe(ref start, (nuint)last);
            return;
        }

        for (; i < samples.Length; i++)
        {
            samples[i] = (byte)((samples[i] * keep + add) >> 8);
        }
    }

    /// <summary>Adds one number to all bytes.</summary>
    public static void Add(Span<byte> counts, byte number)
    {
        ref var start = ref MemoryMarshal.GetReference(counts);
        var i = 0;
        for (; i <= counts.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            (Vector256.LoadUnsafe(ref start, (nuint)i) + Vector256.Create(number)).StoreUnsafe(ref start, (nuint)i);
        }

        if (i < counts.Length && counts.Length >= Vector256<byte>.Count)
        {
            var last = counts.Length - Vector256<byte>.Count;
            var left = Vector256.GreaterThanOrEqual(Vector256<byte>.Indices, Vector256.Create((byte)(i - last)));
            (Vector256.LoadUnsafe(ref start, (nuint)last) + (left & Vector256.Create(number))).StoreUnsafe(ref start, (nuint)last);
            return;
        }

        for (; i < counts.Length; i++)
        {
            counts[i] += number;
        }
    }

    /// <summary>Mixes one colour in with the weight <c>(weight · quarters) ≫ 2</c>; quarters (0 to 4) says how much of each sample is covered.</summary>
    public static void Quarters(Span<byte> samples, ReadOnlySpan<byte> quarters, byte color, int weight)
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        ref var covered = ref MemoryMarshal.GetReference(quarters);
        var i = 0;
        for (; i <= samples.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref start, (nuint)i));
            var (lowQuarters, highQuarters) = Vector256.Widen(Vector256.LoadUnsafe(ref covered, (nuint)i));
            Vector256.Narrow(Mix(low, lowQuarters, color, weight), Mix(high, highQuarters, color, weight)).StoreUnsafe(ref start, (nuint)i);
        }

        for (; i < samples.Length; i++)
        {
            samples[i] = Mix(samples[i], color, weight * quarters[i] >> 2);
        }
    }

    private static Vector256<ushort> Mix(Vector256<ushort> samples, Vector256<ushort> quarters, byte color, int weight)
    {
        var weights = quarters * (ushort)weight >>> 2;
        return samples * (Vector256.Create((ushort)Full) - weights) + weights * color + Vector256.Create((ushort)128) >>> 8;
    }
}
