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
                luma = Cut(luma);
                var at = 3 * (y * _size.Width + x);
                (rgb[at], rgb[at + 1], rgb[at + 2]) = (
                    ToByte(luma + Cut(red)),
                    ToByte(luma + Cut(greenU) + Cut(greenV)),
                    ToByte(luma + Cut(blue))
                );
            }
        }

        return rgb;
    }

    /// <summary>The documented formula: bilinear luma and centred chroma at each target pixel, then the matrix, then the clamp; grey around.</summary>
    public double[] Letterbox(LetterboxTransform transform)
    {
        var (input, resized) = (transform.Input, transform.Resized);
        var planes = new double[3 * input.Area];
        Array.Fill(planes, 114 / 255.0);
        for (var y = 0; y < resized.Height; y++)
        {
            var sourceY = (y + 0.5) * _size.Height / resized.Height - 0.5;
            for (var x = 0; x < resized.Width; x++)
            {
                var sourceX = (x + 0.5) * _size.Width / resized.Width - 0.5;
                var luma = Sample(_y, _strideY, _size, sourceX, sourceY);
                var (chromaX, chromaY) = (sourceX / 2 - 0.25, sourceY / 2 - 0.25);
                var (r, g, b) = Convert(
                    luma,
                    Sample(_u, _strideUv, _chroma, chromaX, chromaY),
                    Sample(_v, _strideUv, _chroma, chromaX, chromaY)
                );
                var at = (transform.PadTop + y) * input.Width + transform.PadLeft + x;
                (planes[at], planes[at + input.Area], planes[at + 2 * input.Area]) = (r, g, b);
            }
        }

        return planes;
    }

    private static double Sample(byte[] plane, int stride, FrameSize size, double x, double y)
    {
        (x, y) = (Math.Clamp(x, 0, size.Width - 1), Math.Clamp(y, 0, size.Height - 1));
        var (x0, y0) = ((int)x, (int)y);
        var (x1, y1) = (Math.Min(x0 + 1, size.Width - 1), Math.Min(y0 + 1, size.Height - 1));
        var upper = plane[y0 * stride + x0] * (1 - (x - x0)) + plane[y0 * stride + x1] * (x - x0);
        var lower = plane[y1 * stride + x0] * (1 - (x - x0)) + plane[y1 * stride + x1] * (x - x0);
        return upper * (1 - (y - y0)) + lower * (y - y0);
    }

    /// <summary>The matrix on interpolated samples, less the mean of what the converter cuts off.</summary>
    private (double R, double G, double B) Convert(double y, double u, double v)
    {
        var (luma, red, greenU, greenV, blue) = Products(y, u, v);
        luma -= _color.FullRange ? 0 : 0.5;
        var (cutU, cutV) = (u == 128 ? 0 : 0.5, v == 128 ? 0 : 0.5);
        return (Clamp(luma + red - cutV), Clamp(luma + greenU + greenV - cutU - cutV), Clamp(luma + blue - cutU));

        static double Clamp(double level) => Math.Clamp(level / 255, 0, 1);
    }

    /// <summary>The products of the matrix in levels of 0 to 255.</summary>
    private (double Luma, double Red, double GreenU, double GreenV, double Blue) Products(double y, double u, double v)
    {
        var (kr, kg, kb) = Shares(_color);
        var (black, luma, chroma) = Range(_color);
        var red = 255 * 2 * (1 - kr) * (v - 128) / chroma;
        var blue = 255 * 2 * (1 - kb) * (u - 128) / chroma;
        // Green is what is left of luma when red and blue are taken out.
        return (255 * (y - black) / luma, red, -kb / kg * blue, -kr / kg * red, blue);
    }

    private static double Cut(double level) => Math.Floor(level + 1e-9);

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
