using SegBatch.Annotation;
using Xunit;

namespace SegBatch.Tests.Annotation;

public class BlendTests
{
    [Fact]
    public void Vectors_mix_as_single_samples_do()
    {
        var random = new Random(5);
        for (var length = 0; length < 110; length++)
        {
            foreach (var weight in new[] { 0, 1, 77, 128, 255, 256 })
            {
                var samples = new byte[length];
                var quarters = new byte[length];
                random.NextBytes(samples);
                for (var i = 0; i < length; i++)
                {
                    quarters[i] = (byte)random.Next(5);
                }

                var color = (byte)random.Next(256);
                var (mixed, byQuarters, sums) = ((byte[])[.. samples], (byte[])[.. samples], (byte[])[.. quarters]);
                Blend.Span(mixed, color, weight);
                Blend.Quarters(byQuarters, quarters, color, weight);
                Blend.Add(sums, 3);
                for (var i = 0; i < length; i++)
                {
                    Assert.Equal(Blend.Mix(samples[i], color, weight), mixed[i]);
                    Assert.Equal(Blend.Mix(samples[i], color, weight * quarters[i] / 4), byQuarters[i]);
                    Assert.Equal(quarters[i] + 3, sums[i]);
                }
            }
        }
    }

    [Fact]
    public void Mixing_is_exact_at_both_ends()
    {
        Assert.Equal(7, Blend.Mix(7, 255, 0));
        Assert.Equal(255, Blend.Mix(7, 255, 256));
        Assert.Equal(50, Blend.Mix(0, 100, 128));
    }
}
