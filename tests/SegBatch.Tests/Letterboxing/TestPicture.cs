using SegBatch.Decoding;
using SegBatch.Geometry;

namespace SegBatch.Tests.Letterboxing;

/// <summary>A YUV 4:2:0 picture and, in double precision and one sample at a time, what conversion and letterbox should make of it.</summary>
internal sealed class TestPicture
{
    private readonly FrameSize _size;
    private readonly FrameSize _chroma;
    private readonly ColorSpec _color;
    private readonly byte[] _y;
    private readonly byte[] _u;
    private readonly byte[] _v;
    private readonly int _strideY;
    private readonly int _strideUv;

    /// <summary>Smooth waves with noise and hard edges of full contrast.</summary>
    public TestPicture(FrameSize size, ColorSpec color, Random random)
        : this(size, color)
    {
        Randomise(_y, random);
        Randomise(_u, random);
        Randomise(_v, random);
    }

    private TestPicture(FrameSize size, ColorSpec color)
    {
        (_size, _color) = (size, color);
        _chroma = new((size.Width + 1) / 2, (size.Height + 1) / 2);
        (_strideY, _strideUv) = (size.Width + 7, _chroma.Width + 3);
        _y = new byte[_strideY * (size.Height - 1) + size.Width];
        _u = new byte[_strideUv * (_chroma.Height - 1) + _chroma.Width];
        _v = new byte[_u.Length];
    }

    public YuvPicture View => new(_size, _color, _y, _strideY, _u, _v, _strideUv);

    public static TestPicture FromRgb(FrameSize size, ColorSpec color, byte[] rgb)
    {
        var picture = new TestPicture(size, color);
        var (kr, kg, kb) = Shares(color);
        var (black, luma, chroma) = Range(color);
        double Level(int x, int y, int channel) => rgb[3 * (y * size.Width + x) + channel] / 255.0;
        double Luma(int x, int y) => kr * Level(x, y, 0) + kg * Level(x, y, 1) + kb * Level(x, y, 2);
        for (var y = 0; y < size.Height; y++)
        {
            for (var x = 0; x < size.Width; x++)
            {
                picture._y[y * picture._strideY + x] = ToByte(black + luma * Luma(x, y));
            }
        }

        for (var y = 0; y < picture._chroma.Height; y++)
        {
            for (var x = 0; x < picture._chroma.Width; x++)
            {
                var (u, v) = (0.0, 0.0);
                for (var i = 0; i < 4; i++)
                {
                    var px = Math.Min(2 * x + (i & 1), size.Width - 1);
                    var py = Math.Min(2 * y + (i >> 1), size.Height - 1);
                    u += (Level(px, py, 2) - Luma(px, py)) / (2 * (1 - kb)) / 4;
                    v += (Level(px, py, 0) - Luma(px, py)) / (2 * (1 - kr)) / 4;
                }

                picture._u[y * picture._strideUv + x] = ToByte(128 + chroma * u);
                picture._v[y * picture._strideUv + x] = ToByte(128 + chroma * v);
            }
        }

        return picture;
    }

    /// <summary>RGB bytes as libswscale's default converter makes them: each chroma sample repeated over its 2 × 2 pixels, each product cut off to a whole level.</summary>
    public byte[] ToRgb()
    {
        var rgb = new byte[3 * _size.Area];
        for (var y = 0; y < _size.Height; y++)
        {
            for (var x = 0; x < _size.Width; x++)
            {
                var chroma = y / 2 * _strideUv + x / 2;
                var (luma, red, greenU, greenV, blue) = Products(_y[y * _strideY + x], _u[chroma], _v[chroma]);
                var at = 3 * (y * _size.Width + x);
                (rgb[at], rgb[at + 1], rgb[at + 2]) = (ToByte(luma + red), ToByte(luma + greenU + greenV), ToByte(luma + blue));
            }
        }

        return rgb;
    }

    /// <summary>The documented formula: RGB bytes, then OpenCV's 8-bit INTER_LINEAR one value at a time, divided by 255; grey around.</summary>
    public float[] Letterbox(LetterboxTransform transform)
    {
        var rgb = ToRgb();
        var (input, resized) = (transform.Input, transform.Resized);
        var planes = new float[3 * input.Area];
        Array.Fill(planes, 114 / 255f);
        for (var y = 0; y < resized.Height; y++)
        {
            var (row, below) = Position(y, _size.Height, resized.Height);
            for (var x = 0; x < resized.Width; x++)
            {
                var (column, right) = Position(x, _size.Width, resized.Width);
                // Only along a row do the weights, too, stop at the border.
                right = column < 0 || column >= _size.Width - 1 ? 0 : right;
                for (var channel = 0; channel < 3; channel++)
                {
                    double Level(int px, int py) =>
                        rgb[3 * (Math.Clamp(py, 0, _size.Height - 1) * _size.Width + Math.Clamp(px, 0, _size.Width - 1)) + channel];

                    // Quarters of a level: a row's sum in 1/128, times the row's weight, both cut off.
                    double Quarters(int py, float weight)
                    {
                        var sum = Level(column, py) * Weight(1 - right) + Level(column + 1, py) * Weight(right);
                        return Math.Floor(Math.Floor(sum / 16) * Weight(weight) / 65536);
                    }

                    var level = Math.Floor((Quarters(row, 1 - below) + Quarters(row + 1, below) + 2) / 4);
                    planes[channel * input.Area + (transform.PadTop + y) * input.Width + transform.PadLeft + x] = (float)level / 255f;
                }
            }
        }

        return planes;
    }

    private static double Weight(float share) => MathF.Round(share * 2048);

    private static (int First, float Fraction) Position(int i, int source, int destination)
    {
        var position = (float)((i + 0.5) * (1 / ((double)destination / source)) - 0.5);
        var first = (int)MathF.Floor(position);
        return (first, position - first);
    }

    /// <summary>The products of the matrix, factors in 1/8192, each cut off to a whole level of 0 to 255.</summary>
    private (double Luma, double Red, double GreenU, double GreenV, double Blue) Products(int y, int u, int v)
    {
        var (kr, kg, kb) = Shares(_color);
        var (black, luma, chroma) = Range(_color);
        var red = 255 * 2 * (1 - kr) / chroma;
        var blue = 255 * 2 * (1 - kb) / chroma;
        // Green is what is left of luma when red and blue are taken out.
        return (
            Product(y - black, 255 / luma),
            Product(v - 128, red),
            Product(u - 128, -kb / kg * blue),
            Product(v - 128, -kr / kg * red),
            Product(u - 128, blue)
        );

        static double Product(double sample, double factor) => Math.Floor(sample * Math.Round(8192 * factor) / 8192);
    }

    private static (double Kr, double Kg, double Kb) Shares(ColorSpec color) =>
        color.Matrix switch
        {
            ColorMatrix.Bt601 => (0.299, 0.587, 0.114),
            ColorMatrix.Bt709 => (0.2126, 0.7152, 0.0722),
            _ => (0.2627, 0.6780, 0.0593),
        };

    private static (double Black, double Luma, double Chroma) Range(ColorSpec color) => color.FullRange ? (0, 255, 255) : (16, 219, 224);

    private static byte ToByte(double level) => (byte)Math.Clamp(Math.Round(level), 0, 255);

    private static void Randomise(byte[] plane, Random random)
    {
        for (var i = 0; i < plane.Length; i++)
        {
            var wave = 128 + 90 * Math.Sin(i * 0.037);
            plane[i] = random.Next(8) switch
            {
                0 => 0,
                1 => 255,
                _ => ToByte(wave + random.Next(-20, 21)),
            };
        }
    }
}
