using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>The anchors of one picture, whose boxes and coefficients are only worked out for those that are asked for.</summary>
internal interface IAnchors
{
    /// <summary>The anchor's corners in input pixels.</summary>
    Box BoxInTensor(int anchor);

    /// <summary>The anchor's mask coefficients.</summary>
    void Coefficients(int anchor, scoped Span<float> target);
}
