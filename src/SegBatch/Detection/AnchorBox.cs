using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>The arithmetic of anchor boxes, in single precision and in the order of operations of the reference's export.</summary>
internal static class AnchorBox
{
    /// <summary>Corners: centre minus and plus half the size.</summary>
    public static Box Around(float centerX, float centerY, float width, float height)
    {
        var halfWidth = width * 0.5f;
        var halfHeight = height * 0.5f;
        return new Box(centerX - halfWidth, centerY - halfHeight, centerX + halfWidth, centerY + halfHeight);
    }

    /// <summary>Corners in input pixels from the distances of a cell's centre to the sides, in cells; by way of centre and size.</summary>
    /// <param name="x">Column of the cell.</param>
    /// <param name="stride">Input pixels per cell.</param>
    public static Box FromDistances(int x, int y, float left, float top, float right, float bottom, float stride)
    {
        var (x1, y1) = (x + 0.5f - left, y + 0.5f - top);
        var (x2, y2) = (x + 0.5f + right, y + 0.5f + bottom);
        return Around((x1 + x2) / 2 * stride, (y1 + y2) / 2 * stride, (x2 - x1) * stride, (y2 - y1) * stride);
    }
}
