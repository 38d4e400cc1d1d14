using SegBatch.Geometry;

namespace SegBatch.Refining;

/// <summary>What tells a promptable network which object is meant: a point on it, a box around it, or both. In frame pixels.</summary>
/// <param name="PointX">Of a point on the object; null where there is only a box. Pixel i has its centre at i + 0.5.</param>
/// <param name="PointY">As <paramref name="PointX"/>.</param>
/// <param name="Box">Around the object; null where there is only a point.</param>
public readonly record struct Prompt(float? PointX, float? PointY, Box? Box)
{
    /// <summary>Points that the decoder is given; without a box, one that only fills the place of its corners.</summary>
    internal int Points => (PointX is null ? 0 : 1) + (Box is null ? 1 : 2);

    /// <summary>A box around the object.</summary>
    public static Prompt Around(Box box) => new(null, null, box);

    /// <summary>A point on the object.</summary>
    public static Prompt At(float x, float y) => new(x, y, null);

    /// <summary>
    /// Writes the points, x and y in input pixels, and their labels: 1 on the object, 2 and 3 the corners of its box, -1 a point that
    /// counts for nothing and must be there when there is no box (https://github.com/facebookresearch/segment-anything, ONNX example).
    /// </summary>
    internal void Write(in LetterboxTransform letterbox, Span<float> points, Span<float> labels)
    {
        var at = 0;
        if (PointX is { } x && PointY is { } y)
        {
            Set(letterbox, points, labels, at++, x, y, 1);
        }

        if (Box is { } box)
        {
            Set(letterbox, points, labels, at++, box.X1, box.Y1, 2);
            Set(letterbox, points, labels, at, box.X2, box.Y2, 3);
        }
        else
        {
            (points[2 * at], points[(2 * at) + 1], labels[at]) = (0, 0, -1);
        }
    }

    private static void Set(in LetterboxTransform letterbox, Span<float> points, Span<float> labels, int at, float x, float y, float label)
    {
        points[2 * at] = (float)((x * letterbox.GainX) + letterbox.PadLeft);
        points[(2 * at) + 1] = (float)((y * letterbox.GainY) + letterbox.PadTop);
        labels[at] = label;
    }
}
