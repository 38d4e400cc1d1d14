using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>
/// One picture's anchors: each has cx, cy, w, h in input pixels, nc class scores, nm mask coefficients. Either value by value
/// (all cx, then all cy, …: the usual export) or anchor by anchor (the transposed export).
/// </summary>
/// <param name="valueStep">Distance of two values of one anchor.</param>
/// <param name="anchorStep">Distance of one value of two anchors.</param>
/// <param name="firstCoefficient">Values of an anchor before its mask coefficients.</param>
internal readonly ref struct AnchorRows(ReadOnlySpan<float> values, int valueStep, int anchorStep, int firstCoefficient = 0) : IAnchors
{
    private readonly ReadOnlySpan<float> _values = values;

    /// <inheritdoc/>
    public Box BoxInTensor(int anchor)
    {
        var at = anchor * anchorStep;
        return AnchorBox.Around(_values[at], _values[at + valueStep], _values[at + (2 * valueStep)], _values[at + (3 * valueStep)]);
    }

    /// <inheritdoc/>
    public void Coefficients(int anchor, scoped Span<float> target)
    {
        var at = (anchor * anchorStep) + (firstCoefficient * valueStep);
        for (var i = 0; i < target.Length; i++, at += valueStep)
        {
            target[i] = _values[at];
        }
    }
}
