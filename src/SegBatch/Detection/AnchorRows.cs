using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>
/// One picture's anchors: each has cx, cy, w, h in input pixels, nc class scores, nm mask coefficients. Either value by value
/// (all cx, then all cy, …: the usual export) or anchor by anchor (the transposed export).
/// </summary>
/// <param name="valueStep">Distance of two values of one anchor.</param>
/// <param name="anchorStep">Distance of one value of two anchors.</param>
internal readonly ref struct AnchorRows(ReadOnlySpan<float> values, int valueStep, int anchorStep)
{
    private readonly ReadOnlySpan<float> _values = values;

    /// <summary>The anchor's corners in input pixels: centre minus and plus half the size, in single precision.</summary>
    public Box BoxInTensor(int anchor)
    {
        var at = anchor * anchorStep;
        var centerX = _values[at];
        var centerY = _values[at + valueStep];
        var halfWidth = _values[at + (2 * valueStep)] * 0.5f;
        var halfHeight = _values[at + (3 * valueStep)] * 0.5f;
        return new Box(centerX - halfWidth, centerY - halfHeight, centerX + halfWidth, centerY + halfHeight);
    }

    /// <summary>Copies the last <paramref name="target"/>.Length values of an anchor.</summary>
    public void Coefficients(int anchor, int firstValue, Span<float> target)
    {
        var at = (anchor * anchorStep) + (firstValue * valueStep);
        for (var i = 0; i < target.Length; i++, at += valueStep)
        {
            target[i] = _values[at];
        }
    }
}
