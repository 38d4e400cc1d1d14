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

    /// <summary>Limited-range BT.709 to RGB, each product cut off to a whole level as libswscale does, then as for RGB.</summary>
    public static void Fill(in YuvPicture source, in LetterboxTransform transform, Span<float> destination)
    {
        var (width, height) = (source.Size.Width, source.Size.Height);
        var rgb = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var chroma = y / 2 * source.StrideUv + x / 2;
                var (blueness, redness) = (source.U[chroma] - 128, source.V[chroma] - 128);
                var light = Product(source.Y[y * source.StrideY + x] - 16, 255 / 219.0);
                const double red = 2 * (1 - Kr) * 255 / 224;
                const double blue = 2 * (1 - Kb) * 255 / 224;
                var green = Product(blueness, -Kb * blue / (1 - Kr - Kb)) + Product(redness, -Kr * red / (1 - Kr - Kb));
                var at = 3 * (y * width + x);
                rgb[at] = (byte)Math.Clamp(light + Product(redness, red), 0, 255);
                rgb[at + 1] = (byte)Math.Clamp(light + green, 0, 255);
                rgb[at + 2] = (byte)Math.Clamp(light + Product(blueness, blue), 0, 255);
            }
        }

        Fill(new RgbPicture(source.Size, rgb, 3 * width), transform, destination);

        static double Product(int sample, double factor) => Math.Floor(sample * Math.Round(8192 * factor) / 8192);
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
