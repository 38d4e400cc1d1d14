using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>One picture's priors with the offsets to them and their coefficients, prior by prior.</summary>
/// <param name="input">What priors are parts of, in pixels.</param>
internal readonly ref struct PriorRows(
    ReadOnlySpan<float> priors,
    ReadOnlySpan<float> offsets,
    ReadOnlySpan<float> coefficients,
    int perPrior,
    FrameSize input
) : IAnchors
{
    private const float CentreVariance = 0.1f;
    private const float SizeVariance = 0.2f;

    private readonly ReadOnlySpan<float> _priors = priors;
    private readonly ReadOnlySpan<float> _offsets = offsets;
    private readonly ReadOnlySpan<float> _coefficients = coefficients;

    /// <inheritdoc/>
    public Box BoxInTensor(int anchor)
    {
        var prior = _priors.Slice(4 * anchor, 4);
        var offset = _offsets.Slice(4 * anchor, 4);
        return AnchorBox.Around(
            (prior[0] + (offset[0] * CentreVariance * prior[2])) * input.Width,
            (prior[1] + (offset[1] * CentreVariance * prior[3])) * input.Height,
            prior[2] * MathF.Exp(offset[2] * SizeVariance) * input.Width,
            prior[3] * MathF.Exp(offset[3] * SizeVariance) * input.Height
        );
    }

    /// <inheritdoc/>
    public void Coefficients(int anchor, scoped Span<float> target) => _coefficients.Slice(anchor * perPrior, target.Length).CopyTo(target);
}
