using SegBatch.Geometry;

namespace SegBatch.Evaluation;

/// <summary>
/// A box in frame pixels, in double precision: recordings hold a tracker's boxes as it computed them, and rounding them first would
/// show up in the differences.
/// </summary>
public readonly record struct BoxCorners(double X1, double Y1, double X2, double Y2)
{
    /// <summary>Intersection over union; 0 where they do not overlap.</summary>
    public static double IoU(in BoxCorners a, in BoxCorners b)
    {
        var width = Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1);
        var height = Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var intersection = width * height;
        return intersection / (Area(a) + Area(b) - intersection);
    }

    /// <summary>The largest of the four edges' distances, in pixels.</summary>
    public static double Distance(in BoxCorners a, in BoxCorners b) =>
        Math.Max(Math.Max(Math.Abs(a.X1 - b.X1), Math.Abs(a.Y1 - b.Y1)), Math.Max(Math.Abs(a.X2 - b.X2), Math.Abs(a.Y2 - b.Y2)));

    /// <summary>The part of the box inside a frame of the given size.</summary>
    public BoxCorners ClipTo(FrameSize size) =>
        new(Math.Clamp(X1, 0, size.Width), Math.Clamp(Y1, 0, size.Height), Math.Clamp(X2, 0, size.Width), Math.Clamp(Y2, 0, size.Height));

    private static double Area(in BoxCorners box) => (box.X2 - box.X1) * (box.Y2 - box.Y1);
}
