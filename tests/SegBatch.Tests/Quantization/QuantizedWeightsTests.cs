using SegBatch.Quantization;
using Xunit;

namespace SegBatch.Tests.Quantization;

public sealed class QuantizedWeightsTests
{
    [Fact]
    public void Each_channel_has_its_own_scale_and_comes_back_within_a_step()
    {
        var random = new Random(7);
        var weights = Enumerable.Range(0, 3 * 500).Select(i => ((random.NextSingle() * 2) - 1) * MathF.Pow(10, (i / 500) - 2)).ToArray();
        var quantized = QuantizedWeights.Of(weights, 3);
        for (var i = 0; i < weights.Length; i++)
        {
            var scale = quantized.Scales[i / 500];
            var largest = weights.Skip(i / 500 * 500).Take(500).Max(MathF.Abs);
            Assert.True(scale <= largest / QuantizedWeights.Largest * 1.0001f);
            if (MathF.Abs(weights[i]) <= QuantizedWeights.Largest * scale)
            {
                Assert.Equal(weights[i], quantized.Values[i] * scale, scale * 0.5001f);
            }
        }

        var error = weights.Select((weight, i) => Math.Pow(weight - (quantized.Values[i] * quantized.Scales[i / 500]), 2)).Sum();
        var widest = weights
            .Select(
                (weight, i) =>
                {
                    var scale = weights.Skip(i / 500 * 500).Take(500).Max(MathF.Abs) / 64;
                    return Math.Pow(weight - (MathF.Round(weight / scale) * scale), 2);
                }
            )
            .Sum();
        Assert.True(error <= widest * 1.0001, $"{error} against {widest} with the widest scales");
    }

    /// <summary>u8 · s8 products, added in pairs in signed 16 bits, as AVX2 does it.</summary>
    [Fact]
    public void No_pair_of_products_leaves_16_bits()
    {
        var quantized = QuantizedWeights.Of([1, -1, 0.5f, 1], 1);
        Assert.All(quantized.Values, value => Assert.InRange(2 * 255 * value, short.MinValue, short.MaxValue));
        Assert.Contains(quantized.Values, value => value >= 60); // and the room is used
    }

    [Fact]
    public void A_channel_of_zeros_and_one_with_a_large_bias_have_usable_scales()
    {
        var quantized = QuantizedWeights.Of([0, 0, 1e-9f, 0], 2, channel => channel == 1 ? 0.25f : 0);
        Assert.Equal([0, 0, 0, 0], quantized.Values);
        Assert.True(quantized.Scales[0] > 1e-3f);
        Assert.Equal(0.25f, quantized.Scales[1]);
    }
}
