using SegBatch.Decoding;
using SegBatch.Geometry;

namespace SegBatch.Benchmarks.Baselines;

/// <summary>Letterboxes one pixel at a time: four samples, the formula, the planes. Every position and weight is computed anew.</summary>
internal static class PixelwiseLetterbox
{
    private const float Grey = 114 / 255f;

    // Rec. ITU-R BT.709-6: shares of red and blue in luma.
    private const double Kr = 0.2126;
    private const double Kb = 0.0722;

    /// <summary>Limited-range BT.709 in double precision, less the mean of what libswscale cuts off each product.</summary>
    public static void Fill(in YuvPicture source, in LetterboxTransform transform, Span<float> destination)
    {
        destination.Fill(Grey);
        var chromaSize = new FrameSize((source.Size.Width + 1) / 2, (source.Size.Height + 1) / 2);
        for (var y = 0; y < transform.Resized.Height; y++)
        {
            var sourceY = (y + 0.5) * source.Size.Height / transform.Resized.Height - 0.5;
            for (var x = 0; x < transform.Resized.Width; x++)
            {
                var sourceX = (x + 0.5) * source.Size.Width / transform.Resized.Width - 0.5;
                var luma = Sample(source.Y, source.StrideY, source.Size, sourceX, sourceY);
                var (chromaX, chromaY) = (sourceX / 2 - 0.25, sourceY / 2 - 0.25);
                var u = Sample(source.U, source.StrideUv, chromaSize, chromaX, chromaY);
                var v = Sample(source.V, source.StrideUv, chromaSize, chromaX, chromaY);
                var (cutU, cutV) = (u == 128 ? 0 : 0.5, v == 128 ? 0 : 0.5);
                var light = 255 * (luma - 16) / 219 - 0.5;
                var red = 255 * 2 * (1 - Kr) * (v - 128) / 224;
                var blue = 255 * 2 * (1 - Kb) * (u - 128) / 224;
                var green = (-Kb * blue - Kr * red) / (1 - Kr - Kb);
                Store(transform, destination, x, y, 0, (light + red - cutV) / 255);
                Store(transform, destination, x, y, 1, (light + green - cutU - cutV) / 255);
                Store(transform, destination, x, y, 2, (light + blue - cutU) / 255);
            }
        }
    }

    /// <summary>OpenCV's 8-bit INTER_LINEAR: weights in 1/2048, the vertical step cuts 4 bits off each sum and 16 off each product.</summary>
    public static void Fill(in RgbPicture source, in LetterboxTransform transform, Span<float> destination)
    {
        destination.Fill(Grey);
        for (var y = 0; y < transform.Resized.Height; y++)
        {
            var (upper, lower, upperWeight, lowerWeight) = Taps(y, source.Size.Height, transform.Resized.Height);
            for (var x = 0; x < transform.Resized.Width; x++)
            {
                var (left, right, leftWeight, rightWeight) = Taps(x, source.Size.Width, transform.Resized.Width);
                for (var channel = 0; channel < 3; channel++)
                {
                    int Sum(in RgbPicture picture, int row) =>
                        picture.Pixels[row * picture.Stride + 3 * left + channel] * leftWeight
                        + picture.Pixels[row * picture.Stride + 3 * right + channel] * rightWeight;

                    var high = upperWeight * (Sum(source, upper) >> 4) >> 16;
                    var low = lowerWeight * (Sum(source, lower) >> 4) >> 16;
                    Store(transform, destination, x, y, channel, ((high + low + 2) >> 2) / 255f);
                }
            }
        }
    }

    private static void Store(in LetterboxTransform transform, Span<float> destination, int x, int y, int plane, double value)
    {
        var row = plane * transform.Input.Height + transform.PadTop + y;
        destination[row * transform.Input.Width + transform.PadLeft + x] = (float)Math.Clamp(value, 0, 1);
    }

    private static double Sample(ReadOnlySpan<byte> plane, int stride, FrameSize size, double x, double y)
    {
        (x, y) = (Math.Clamp(x, 0, size.Width - 1), Math.Clamp(y, 0, size.Height - 1));
        var (x0, y0) = ((int)x, (int)y);
        var (x1, y1) = (Math.Min(x0 + 1, size.Width - 1), Math.Min(y0 + 1, size.Height - 1));
        var upper = plane[y0 * stride + x0] * (1 - (x - x0)) + plane[y0 * stride + x1] * (x - x0);
        var lower = plane[y1 * stride + x0] * (1 - (x - x0)) + plane[y1 * stride + x1] * (x - x0);
        return upper * (1 - (y - y0)) + lower * (y - y0);
    }

    /// <summary>Exact only where it shrinks: the taps of an enlarged border are weighted differently.</summary>
    private static (int First, int Second, int FirstWeight, int SecondWeight) Taps(int i, int source, int destination)
    {
        var position = (float)((i + 0.5) * (1.0 / ((double)destination / source)) - 0.5);
        var first = (int)MathF.Floor(position);
        var fraction = position - first;
        return (
            Math.Clamp(first, 0, source - 1),
            Math.Clamp(first + 1, 0, source - 1),
            (int)MathF.Round((1 - fraction) * 2048),
            (int)MathF.Round(fraction * 2048)
        );
    }
}
