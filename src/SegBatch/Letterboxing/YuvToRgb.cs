using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SegBatch.Decoding;

namespace SegBatch.Letterboxing;

/// <summary>
/// 8-bit YUV 4:2:0 to RGB as libswscale's converter for x86 computes it at its default flags, bit for bit: the frames that networks
/// are fed and recorded with come from it. Each product of a sample and a factor is cut off to a whole level before anything is added:
/// product(s, f) = 8·s·f &gt;&gt; 16 with f in 1/8192; R = clamp(product(Y − Black, Luma) + product(V − 128, RedV)),
/// G = clamp(… + product(U − 128, GreenU) + product(V − 128, GreenV)), B = clamp(… + product(U − 128, BlueU)), clamped to 0..255.
/// Each chroma sample holds for its 2 × 2 pixels. Found by measuring libswscale 6.7 over all samples, both ranges, all three matrices.
/// </summary>
/// <remarks>
/// Factors follow from the shares Kr and Kb of red and blue in luma: Rec. ITU-R BT.601-7, BT.709-6 and BT.2020-2 (non-constant
/// luminance). Where the height is odd, libswscale takes another way (it interpolates chroma); the formula here stays.
/// </remarks>
internal readonly record struct YuvToRgb(short Black, short Luma, short RedV, short GreenU, short GreenV, short BlueU)
{
    /// <summary>Samples are multiplied by 8, factors by 2¹³: together the 16 bits that the product drops.</summary>
    private const int SampleBits = 3;
    private const int FactorScale = 1 << 13;
    private const int Neutral = 128;

    public static YuvToRgb From(ColorSpec color)
    {
        var (kr, kb) = color.Matrix switch
        {
            ColorMatrix.Bt601 => (0.299, 0.114),
            ColorMatrix.Bt709 => (0.2126, 0.0722),
            ColorMatrix.Bt2020 => (0.2627, 0.0593),
            _ => throw new ArgumentOutOfRangeException(nameof(color), color.Matrix, "No coefficients for this matrix."),
        };
        var kg = 1 - kr - kb;
        var (luma, chroma, black) = color.FullRange ? (1.0, 1.0, 0) : (255 / 219.0, 255 / 224.0, 16);
        return new(
            (short)black,
            Factor(luma),
            Factor(2 * (1 - kr) * chroma),
            Factor(-2 * (1 - kb) * kb / kg * chroma),
            Factor(-2 * (1 - kr) * kr / kg * chroma),
            Factor(2 * (1 - kb) * chroma)
        );
    }

    /// <summary>Converts a row. Pixels are R, G, B, 0.</summary>
    /// <param name="y">Luma of the row; its length is the number of pixels.</param>
    /// <param name="u">Chroma of the row, one sample for two pixels (rounded up).</param>
    /// <param name="v">As <paramref name="u"/>.</param>
    /// <param name="pixels">At least 4 bytes a pixel.</param>
    public void ConvertRow(ReadOnlySpan<byte> y, ReadOnlySpan<byte> u, ReadOnlySpan<byte> v, Span<byte> pixels)
    {
        var x = 0;
        if (y.Length >= Vector256<byte>.Count)
        {
            var last = y.Length - Vector256<byte>.Count & ~1; // overlaps the vector before; on an even pixel, where a chroma sample begins
            for (; x < last; x += Vector256<byte>.Count)
            {
                ConvertVector(y, u, v, pixels, x);
            }

            ConvertVector(y, u, v, pixels, last);
            x = last + Vector256<byte>.Count;
        }

        for (; x < y.Length; x++)
        {
            var (luma, blueness, redness) = (y[x] - Black, u[x / 2] - Neutral, v[x / 2] - Neutral);
            var light = Product(luma, Luma);
            pixels[4 * x] = Clamp(light + Product(redness, RedV));
            pixels[4 * x + 1] = Clamp(light + Product(blueness, GreenU) + Product(redness, GreenV));
            pixels[4 * x + 2] = Clamp(light + Product(blueness, BlueU));
            pixels[4 * x + 3] = 0;
        }
    }

    /// <summary>32 pixels from an even one on. Even and odd pixels are added apart: both take the same 16 chroma samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ConvertVector(ReadOnlySpan<byte> y, ReadOnlySpan<byte> u, ReadOnlySpan<byte> v, Span<byte> pixels, int x)
    {
        var luma = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(y), (nuint)x).AsUInt16();
        var even = Products(luma & Vector256.Create((ushort)0xff), Black, Luma);
        var odd = Products(luma >>> 8, Black, Luma);
        var blueness = Vector256.WidenLower(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(u), (nuint)x / 2).ToVector256Unsafe());
        var redness = Vector256.WidenLower(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(v), (nuint)x / 2).ToVector256Unsafe());
        var red = Products(redness, Neutral, RedV);
        var green = Products(blueness, Neutral, GreenU) + Products(redness, Neutral, GreenV);
        var blue = Products(blueness, Neutral, BlueU);
        FixedPointLanes.StoreInterleaved(
            Clamp(even + red, odd + red),
            Clamp(even + green, odd + green),
            Clamp(even + blue, odd + blue),
            ref MemoryMarshal.GetReference(pixels),
            4 * (nuint)x
        );
    }

    private static short Factor(double value) => (short)Math.Round(value * FactorScale);

    private static int Product(int sample, int factor) => (sample << SampleBits) * factor >> 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Products(Vector256<ushort> samples, int zero, short factor) =>
        FixedPointLanes.MultiplyHigh(
            (samples << SampleBits).AsInt16() - Vector256.Create((short)(zero << SampleBits)),
            Vector256.Create(factor)
        );

    private static byte Clamp(int level) => (byte)Math.Clamp(level, 0, 255);

    /// <summary>Levels of even and odd pixels to bytes in the order of the pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Clamp(Vector256<short> even, Vector256<short> odd)
    {
        var white = Vector256.Create((short)255);
        var low = Vector256.Min(Vector256.Max(even, Vector256<short>.Zero), white);
        var high = Vector256.Min(Vector256.Max(odd, Vector256<short>.Zero), white);
        return (low | high << 8).AsByte();
    }
}
