using SegBatch.Detection;
using SegBatch.Geometry;

namespace SegBatch.Tests.Detection;

/// <summary>The masks' definition, computed the plain way in double precision: a logit for every pixel of the frame.</summary>
internal static class PixelwiseMask
{
    /// <summary>Logits of the whole frame, row-major; NaN outside the box.</summary>
    public static double[] Logits(
        float[] coefficients,
        float[] prototypes,
        FrameSize size,
        LetterboxTransform letterbox,
        Box box,
        MaskMode mode
    )
    {
        var map = new Map(size.Width, size.Height, new double[size.Area]);
        for (var cell = 0; cell < size.Area; cell++)
        {
            for (var k = 0; k < coefficients.Length; k++)
            {
                map.Values[cell] += (double)coefficients[k] * prototypes[(k * size.Area) + cell];
            }
        }

        var logits = mode == MaskMode.Exact ? Exact(map, letterbox) : Reference(map, letterbox);
        for (var y = 0; y < letterbox.Source.Height; y++)
        {
            for (var x = 0; x < letterbox.Source.Width; x++)
            {
                if (!(x >= box.X1 && x < box.X2 && y >= box.Y1 && y < box.Y2))
                {
                    logits[(y * letterbox.Source.Width) + x] = double.NaN;
                }
            }
        }

        return logits;
    }

    private static double[] Exact(Map map, LetterboxTransform letterbox)
    {
        var (width, height) = (letterbox.Source.Width, letterbox.Source.Height);
        var logits = new double[width * height];
        for (var y = 0; y < height; y++)
        {
            var inputY = ((y + 0.5) * letterbox.Resized.Height / height) + letterbox.PadTop;
            for (var x = 0; x < width; x++)
            {
                var inputX = ((x + 0.5) * letterbox.Resized.Width / width) + letterbox.PadLeft;
                logits[(y * width) + x] = map.At(
                    (inputX * map.Width / letterbox.Input.Width) - 0.5,
                    (inputY * map.Height / letterbox.Input.Height) - 0.5
                );
            }
        }

        return logits;
    }

    private static double[] Reference(Map map, LetterboxTransform letterbox)
    {
        var stride = letterbox.Input.Width / map.Width;
        int[] pads = [letterbox.PadLeft, letterbox.PadTop, letterbox.PadRight, letterbox.PadBottom];
        var factor =
            pads.All(pad => pad % stride == 0) ? 1
            : pads.All(pad => pad * 2 % stride == 0) ? 2
            : 4;
        var enlarged = factor == 1 ? map : map.Resize(map.Width * factor, map.Height * factor);
        var gain = Math.Min((double)enlarged.Height / letterbox.Source.Height, (double)enlarged.Width / letterbox.Source.Width);
        var padX = (enlarged.Width - Math.Round(letterbox.Source.Width * gain)) / 2;
        var padY = (enlarged.Height - Math.Round(letterbox.Source.Height * gain)) / 2;
        var left = (int)Math.Round(padX - 0.1);
        var top = (int)Math.Round(padY - 0.1);
        var right = enlarged.Width - (int)Math.Round(padX + 0.1);
        var bottom = enlarged.Height - (int)Math.Round(padY + 0.1);
        return enlarged.Cut(left, top, right - left, bottom - top).Resize(letterbox.Source.Width, letterbox.Source.Height).Values;
    }

    private sealed record Map(int Width, int Height, double[] Values)
    {
        public double At(double x, double y)
        {
            x = Math.Clamp(x, 0, Width - 1);
            y = Math.Clamp(y, 0, Height - 1);
            var (x0, y0) = ((int)x, (int)y);
            var (x1, y1) = (Math.Min(x0 + 1, Width - 1), Math.Min(y0 + 1, Height - 1));
            var (u, v) = (x - x0, y - y0);
            return ((1 - v) * (((1 - u) * Cell(x0, y0)) + (u * Cell(x1, y0)))) + (v * (((1 - u) * Cell(x0, y1)) + (u * Cell(x1, y1))));
        }

        public Map Resize(int width, int height)
        {
            var result = new Map(width, height, new double[width * height]);
            for (var i = 0; i < result.Values.Length; i++)
            {
                result.Values[i] = At(((i % width) + 0.5) * Width / width - 0.5, ((i / width) + 0.5) * Height / height - 0.5);
            }

            return result;
        }

        public Map Cut(int left, int top, int width, int height)
        {
            var result = new Map(width, height, new double[width * height]);
            for (var i = 0; i < result.Values.Length; i++)
            {
                result.Values[i] = Cell(left + (i % width), top + (i / width));
            }

            return result;
        }

        private double Cell(int x, int y) => Values[(y * Width) + x];
    }
}
