namespace SegBatch.Quantization;

/// <summary>A convolution's weights as signed integers with one scale per output channel: real = integer · scale.</summary>
/// <param name="Values">In the order of the weights: output channel first.</param>
/// <param name="Scales">One per output channel.</param>
internal sealed record QuantizedWeights(sbyte[] Values, float[] Scales)
{
    /// <summary>
    /// 7 bits of the 8. Processors without dot-product instructions add products of unsigned by signed bytes in pairs in 16 bits:
    /// 2 · 255 · 64 = 32,640 fits, 2 · 255 · 127 does not and would be cut off.
    /// </summary>
    public const int Largest = 64;

    private const int ScaleSteps = 16;
    private const float SmallestShare = 0.6f;

    /// <summary>Rounds weights channel by channel, each with the scale of the smallest squared error: one large weight may be clamped.</summary>
    /// <param name="weights">Channels × the rest, row by row.</param>
    /// <param name="least">
    /// Lower bound of each channel's scale: a channel of almost no weight but with a bias would else need a bias beyond 32 bits.
    /// </param>
    public static QuantizedWeights Of(ReadOnlySpan<float> weights, int channels, Func<int, float>? least = null)
    {
        var perChannel = weights.Length / channels;
        var values = new sbyte[weights.Length];
        var scales = new float[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var row = weights.Slice(channel * perChannel, perChannel);
            var largest = 0f;
            foreach (var weight in row)
            {
                largest = MathF.Max(largest, MathF.Abs(weight));
            }

            var scale = MathF.Max(BestScale(row, largest / Largest), least?.Invoke(channel) ?? 0);
            scales[channel] = scale = float.IsNormal(scale) ? scale : 1f / Largest;
            for (var i = 0; i < perChannel; i++)
            {
                values[(channel * perChannel) + i] = (sbyte)Math.Clamp(MathF.Round(row[i] / scale), -Largest, Largest);
            }
        }

        return new QuantizedWeights(values, scales);
    }

    private static float BestScale(ReadOnlySpan<float> row, float widest)
    {
        var (best, bestError) = (widest, double.PositiveInfinity);
        for (var step = 0; step < ScaleSteps && float.IsNormal(widest); step++)
        {
            var scale = widest * (1 - ((1 - SmallestShare) * step / (ScaleSteps - 1)));
            var sum = 0.0;
            foreach (var weight in row)
            {
                var error = weight - (Math.Clamp(MathF.Round(weight / scale), -Largest, Largest) * scale);
                sum += error * error;
            }

            if (sum < bestError)
            {
                (best, bestError) = (scale, sum);
            }
        }

        return best;
    }
}
