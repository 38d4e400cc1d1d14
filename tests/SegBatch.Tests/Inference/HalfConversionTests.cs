using SegBatch.Inference;
using Xunit;

namespace SegBatch.Tests.Inference;

/// <summary>Against the casts of System.Half: every half, and floats of every exponent and rounding case.</summary>
public class HalfConversionTests
{
    [Fact]
    public void Every_half_widens_to_the_same_float()
    {
        var halves = Enumerable.Range(0, 65536).Select(bits => (ushort)bits).ToArray();
        var floats = new float[halves.Length];

        HalfConversion.ToSingle(halves, floats);

        for (var bits = 0; bits < halves.Length; bits++)
        {
            var expected = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            Assert.True(expected.Equals(floats[bits]) && float.IsNegative(expected) == float.IsNegative(floats[bits]), $"half 0x{bits:X4}");
        }
    }

    [Fact]
    public void Floats_round_as_the_cast_does()
    {
        var random = new Random(1);
        var floats = new float[1 << 20];
        for (var i = 0; i < floats.Length; i++)
        {
            // A half, the middle between two halves, one bit beside the middle, or anything at all.
            var half = BitConverter.SingleToUInt32Bits((float)BitConverter.UInt16BitsToHalf((ushort)random.Next(65536)));
            floats[i] = BitConverter.UInt32BitsToSingle(
                (i & 3) switch
                {
                    0 => half,
                    1 => half + 0x1000,
                    2 => half + 0x1000 + (uint)random.Next(-1, 2),
                    _ => (uint)random.NextInt64(1L << 32),
                }
            );
        }

        var halves = new ushort[floats.Length];
        HalfConversion.ToHalf(floats, halves);

        for (var i = 0; i < floats.Length; i++)
        {
            var (expected, actual) = ((Half)floats[i], BitConverter.UInt16BitsToHalf(halves[i]));
            Assert.True(
                Half.IsNaN(expected) ? Half.IsNaN(actual) : BitConverter.HalfToUInt16Bits(expected) == halves[i],
                $"float {floats[i]:R} (0x{BitConverter.SingleToUInt32Bits(floats[i]):X8})"
            );
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(31)]
    public void Lengths_that_do_not_fill_a_vector(int length)
    {
        var floats = Enumerable.Range(0, length).Select(i => i / 255f).ToArray();
        var halves = new ushort[length];
        var back = new float[length];

        HalfConversion.ToHalf(floats, halves);
        HalfConversion.ToSingle(halves, back);

        Assert.Equal(floats.Select(f => (float)(Half)f), back);
    }
}
