using SegBatch.Quantization;
using Xunit;

namespace SegBatch.Tests.Quantization;

/// <summary>Ranges of tensors, against sums over the values themselves.</summary>
public sealed class RangeTests
{
    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-0.278f, 11.3f)]
    [InlineData(-5f, -1f)]
    [InlineData(2f, 3f)]
    [InlineData(-1e-3f, 400f)]
    public void A_range_covers_its_values_and_zero_exactly(float min, float max)
    {
        var range = QuantizedRange.Of(min, max);
        Assert.Equal(0, range.Rounded(0));
        Assert.InRange(range.Rounded(min), min - range.Scale, min + range.Scale);
        Assert.InRange(range.Rounded(max), max - range.Scale, max + range.Scale);
        Assert.Equal((Math.Max(0, max) - Math.Min(0, min)) / 255, range.Scale, 1e-5f);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-45f)]
    public void A_tensor_of_zeros_still_has_a_scale(float max)
    {
        var range = QuantizedRange.Of(0, max);
        Assert.True(range.Scale > 1e-3f);
        Assert.Equal(0, range.Rounded(0));
    }

    [Fact]
    public void Growing_values_are_counted_as_if_their_reach_had_been_known()
    {
        var values = Enumerable.Range(0, 20_000).Select(i => MathF.Sin(i) * (1 + (i / 1000))).ToArray();
        var histogram = new ActivationHistogram();
        foreach (var part in values.Chunk(500))
        {
            histogram.Add(part);
        }

        Assert.Equal((values.Min(), values.Max()), (histogram.Min, histogram.Max));
        var bins = histogram.Bins().ToList();
        Assert.Equal(values.Length, bins.Sum(bin => bin.Count));
        const float width = 32f / 4096; // 20 · sin reaches beyond 16
        foreach (var limit in new[] { -10f, -1f, 0f, 3f, 15f })
        {
            // A bin whose centre lies below the limit by more than half its width lies below it as a whole.
            var below = bins.Where(bin => bin.Center < limit - (width / 2)).Sum(bin => bin.Count);
            Assert.InRange(below, values.Count(value => value < limit - width), values.Count(value => value < limit));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Values_that_are_no_numbers_are_refused(float value) =>
        Assert.Throws<ArgumentException>(() => new ActivationHistogram().Add([1, value, 2]));

    [Fact]
    public void A_lone_large_value_is_clamped_when_that_costs_less()
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 30_000).Select(_ => random.NextSingle() * 4).ToArray();
        var histogram = new ActivationHistogram();
        for (var picture = 0; picture < 100; picture++)
        {
            histogram.Add(values);
        }

        histogram.Add([60]);
        var chosen = RangeChoice.LeastSquares(histogram);
        Assert.InRange(chosen.Max, 3.9f, 30f);
        Assert.True(Total(chosen) < 0.5 * Total(QuantizedRange.Of(0, 60)));

        double Total(QuantizedRange range) => (100 * Error(values, range, x => x)) + Error([60], range, x => x);
    }

    [Fact]
    public void Values_that_fill_their_range_keep_it()
    {
        float[] values = [.. Enumerable.Range(0, 10_000).Select(i => (i / 5000f) - 1)];
        var chosen = Choose(values);
        Assert.Equal(-1, chosen.Min, 0.05f);
        Assert.Equal(1, chosen.Max, 0.05f);
    }

    [Fact]
    public void In_front_of_an_activation_only_its_result_counts()
    {
        var random = new Random(6);
        float[] values = [.. Enumerable.Range(0, 30_000).Select(_ => (random.NextSingle() * 36) - 30)];
        var blind = Choose(values);
        var seeing = Choose(values, Silu);
        Assert.True(seeing.Min > blind.Min / 2, $"x·sigmoid(x) is near 0 below -10, but the range begins at {seeing.Min}");
        Assert.True(Error(values, seeing, Silu) < 0.5 * Error(values, blind, Silu));
    }

    private static float Silu(float x) => x / (1 + MathF.Exp(-x));

    private static QuantizedRange Choose(float[] values, Func<float, float>? behind = null)
    {
        var histogram = new ActivationHistogram();
        histogram.Add(values);
        return RangeChoice.LeastSquares(histogram, behind);
    }

    private static double Error(float[] values, QuantizedRange range, Func<float, float> behind) =>
        values.Sum(value => Math.Pow(behind(value) - behind(range.Rounded(value)), 2));
}
