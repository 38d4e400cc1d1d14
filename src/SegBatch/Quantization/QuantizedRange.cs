namespace SegBatch.Quantization;

/// <summary>
/// How a tensor's real values lie in unsigned 8-bit integers: real = (integer - zero point) · scale, one pair for the whole tensor
/// (https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html).
/// </summary>
public readonly record struct QuantizedRange(float Scale, byte ZeroPoint)
{
    private const int Steps = 255;

    /// <summary>What sigmoids and pictures need: 0 to 1.</summary>
    public static QuantizedRange Unit { get; } = Of(0, 1);

    /// <summary>Lowest value that has an integer.</summary>
    public float Min => -ZeroPoint * Scale;

    /// <summary>Highest value that has an integer.</summary>
    public float Max => (Steps - ZeroPoint) * Scale;

    /// <summary>
    /// The range that covers two values, and 0 exactly: padding and switched-off channels are zeros, and an error there would be the same
    /// everywhere instead of averaging out.
    /// </summary>
    public static QuantizedRange Of(float min, float max)
    {
        (min, max) = (Math.Min(0, min), Math.Max(0, max));
        var scale = (max - min) / Steps;
        return float.IsNormal(scale)
            ? new QuantizedRange(scale, (byte)Math.Clamp(MathF.Round(-min / scale), 0, Steps))
            : new QuantizedRange(1f / Steps, 0);
    }

    /// <summary>The value that comes back after rounding to an integer, ties to even, and clamping.</summary>
    public float Rounded(float value) => (Math.Clamp(MathF.Round(value / Scale) + ZeroPoint, 0, Steps) - ZeroPoint) * Scale;
}
