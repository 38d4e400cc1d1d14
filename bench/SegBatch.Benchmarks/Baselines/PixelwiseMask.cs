using SegBatch.Geometry;

namespace SegBatch.Benchmarks.Baselines;

/// <summary>
/// A mask by its definition: coefficients times all prototypes, then one bilinear sample for each pixel of the box, in double precision.
/// No bitmap and no sigmoid: what is left is what any pixel-wise method pays.
/// </summary>
internal static class PixelwiseMask
{
    /// <summary>Logits of the whole prototype map, row-major.</summary>
    public static double[] Product(ReadOnlySpan<float> coefficients, ReadOnlySpan<float> prototypes, FrameSize size)
    {
        var map = new double[size.Area];
        for (var k = 0; k < coefficients.Length; k++)
        {
            for (var cell = 0; cell < map.Length; cell++)
            {
                map[cell] += (double)coefficients[k] * prototypes[k * map.Length + cell];
            }
        }

        return map;
    }

    /// <summary>Logit of one frame pixel: its centre, mapped through the letterbox into the map.</summary>
    public static double Logit(double[] map, FrameSize size, in LetterboxTransform letterbox, int x, int y)
    {
        var inputX = (x + 0.5) * letterbox.Resized.Width / letterbox.Source.Width + letterbox.PadLeft;
        var inputY = (y + 0.5) * letterbox.Resized.Height / letterbox.Source.Height + letterbox.PadTop;
        var mapX = Math.Clamp(inputX * size.Width / letterbox.Input.Width - 0.5, 0, size.Width - 1);
        var mapY = Math.Clamp(inputY * size.Height / letterbox.Input.Height - 0.5, 0, size.Height - 1);
        var (x0, y0) = ((int)mapX, (int)mapY);
        var (x1, y1) = (Math.Min(x0 + 1, size.Width - 1), Math.Min(y0 + 1, size.Height - 1));
        var (u, v) = (mapX - x0, mapY - y0);
        var upper = (1 - u) * map[y0 * size.Width + x0] + u * map[y0 * size.Width + x1];
        var lower = (1 - u) * map[y1 * size.Width + x0] + u * map[y1 * size.Width + x1];
        return (1 - v) * upper + v * lower;
    }

    /// <summary>Run lengths in COCO order over the whole frame.</summary>
    public static List<int> Runs(double[] map, FrameSize size, in LetterboxTransform letterbox, in Box box)
    {
        var counts = new List<int>();
        var (height, set, start) = (letterbox.Source.Height, false, 0);
        var (left, right) = Inside(box.X1, box.X2, letterbox.Source.Width);
        var (top, bottom) = Inside(box.Y1, box.Y2, height);
        for (var x = left; x < right; x++)
        {
            for (var y = top; y <= bottom; y++)
            {
                // Below the box nothing is set; a box that ends with the frame goes on in the next column.
                var now = y < bottom ? Logit(map, size, letterbox, x, y) > 0 : bottom == height && x + 1 < right && set;
                if (now != set)
                {
                    var position = x * height + y;
                    counts.Add(position - start);
                    (set, start) = (now, position);
                }
            }
        }

        counts.Add((int)letterbox.Source.Area - start);
        return counts;
    }

    private static (int First, int End) Inside(float low, float high, int limit) =>
        (Math.Max(0, (int)MathF.Ceiling(low)), Math.Min(limit, (int)MathF.Ceiling(high)));
}
