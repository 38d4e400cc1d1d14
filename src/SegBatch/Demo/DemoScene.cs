using SegBatch.Geometry;

namespace SegBatch.Demo;

/// <summary>What a clip shows: a still background and shapes that move before it. The same seed gives the same scene.</summary>
internal sealed class DemoScene
{
    private const double LeastColorDistance = 110;

    /// <summary>Degrees: neighbouring seeds get backgrounds far apart on the colour wheel.</summary>
    private const double GoldenAngle = 137.508;

    /// <summary>Red, green, blue of each pixel, row by row.</summary>
    public byte[] Background { get; }

    public FrameSize Size { get; }

    /// <summary>From the farthest to the nearest.</summary>
    public IReadOnlyList<DemoObject> Objects { get; }

    /// <param name="size">Upright.</param>
    /// <param name="seed">Chooses colours, shapes and paths.</param>
    /// <param name="wanderers">Shapes that swing about a place of their own.</param>
    /// <param name="crossers">Shapes that cross the whole picture, leave it and come back.</param>
    public DemoScene(FrameSize size, int seed, int wanderers, int crossers)
    {
        Size = size;
        var random = new Random(seed);
        var hue = seed * GoldenAngle % 360;
        var (from, to) = (Rgb.FromHue(hue, 0.45, 0.30), Rgb.FromHue(hue + 40, 0.35, 0.62));
        Background = Paint(size, from, to, random);

        var objects = new List<DemoObject>();
        var firstKind = random.Next(4);
        var places = Places(size, wanderers, random);
        for (var i = 0; i < wanderers + crossers; i++)
        {
            var kind = (ShapeKind)((firstKind + i) % 4);
            objects.Add(
                i < wanderers
                    ? Wanderer(i + 1, kind, places[i], (from, to), size, random)
                    : Crosser(i + 1, kind, (i - wanderers + 0.5) / crossers, (from, to), size, random)
            );
        }

        Objects = objects;
    }

    private static DemoObject Wanderer(int id, ShapeKind kind, (double X, double Y) place, (Rgb, Rgb) behind, FrameSize size, Random random)
    {
        var unit = Math.Min(size.Width, size.Height);
        return new DemoObject
        {
            Id = id,
            Shape = new Shape(kind, unit * Between(random, 0.085, 0.15), Between(random, 0.45, 0.6)),
            Colors = Colors(behind, random),
            Center = place,
            // At most half of it swings out of the picture.
            Swing = (
                Math.Min(unit * Between(random, 0.1, 0.3), Math.Min(place.X, size.Width - place.X)),
                Math.Min(unit * Between(random, 0.08, 0.22), Math.Min(place.Y, size.Height - place.Y))
            ),
            Period = (Between(random, 5, 9), Between(random, 5, 9)),
            Phase = (Between(random, 0, 2 * Math.PI), Between(random, 0, 2 * Math.PI)),
            Turn = (Between(random, -0.4, 0.4), Between(random, -0.3, 0.3)),
        };
    }

    private static DemoObject Crosser(int id, ShapeKind kind, double lane, (Rgb, Rgb) behind, FrameSize size, Random random)
    {
        var unit = Math.Min(size.Width, size.Height);
        var shape = new Shape(kind, unit * Between(random, 0.1, 0.14), Between(random, 0.45, 0.6));
        return new DemoObject
        {
            Id = id,
            Shape = shape,
            Colors = Colors(behind, random),
            Center = (size.Width / 2.0, size.Height * (0.15 + 0.7 * lane)),
            // Half a shape farther than the point where it is just gone.
            Swing = (size.Width / 2.0 + 1.5 * shape.Reach, unit * Between(random, 0.02, 0.08)),
            Period = (Between(random, 9, 12), Between(random, 4, 6)),
            Phase = (Between(random, -1.1, 1.1), Between(random, 0, 2 * Math.PI)),
            Turn = (Between(random, -0.4, 0.4), Between(random, -0.3, 0.3)),
        };
    }

    /// <summary>Places for shapes that keep apart at first: one in each cell of a grid, in no order.</summary>
    private static (double X, double Y)[] Places(FrameSize size, int count, Random random)
    {
        var columns = (int)Math.Max(1, Math.Round(Math.Sqrt(count * (double)size.Width / size.Height)));
        var rows = (count + columns - 1) / columns;
        var places = new (double X, double Y)[columns * rows];
        for (var i = 0; i < places.Length; i++)
        {
            var x = (i % columns + 0.5 + Between(random, -0.15, 0.15)) / columns;
            var y = (i / columns + 0.5 + Between(random, -0.15, 0.15)) / rows;
            places[i] = (x * size.Width, y * size.Height);
        }

        random.Shuffle(places);
        return places;
    }

    /// <summary>Two neighbouring hues that stand out from both ends of the background.</summary>
    private static (Rgb From, Rgb To) Colors((Rgb From, Rgb To) behind, Random random)
    {
        while (true)
        {
            var hue = random.NextDouble() * 360;
            var from = Rgb.FromHue(hue, Between(random, 0.55, 0.85), Between(random, 0.85, 1));
            var to = Rgb.FromHue(hue + 25, Between(random, 0.55, 0.85), Between(random, 0.75, 0.95));
            double[] distances =
            [
                Distance(from, behind.From),
                Distance(from, behind.To),
                Distance(to, behind.From),
                Distance(to, behind.To),
            ];
            if (distances.Min() >= LeastColorDistance)
            {
                return (from, to);
            }
        }
    }

    /// <summary>A slanted gradient with wide, faint waves, and a grain too fine to see that keeps the codec from making bands.</summary>
    private static byte[] Paint(FrameSize size, Rgb from, Rgb to, Random random)
    {
        var pixels = new byte[size.Width * size.Height * 3];
        var slant = Between(random, 0.2, 1.2);
        var (waveX, waveY) = (Between(random, 1, 2.5), Between(random, 1, 2.5));
        for (var y = 0; y < size.Height; y++)
        {
            for (var x = 0; x < size.Width; x++)
            {
                var (across, down) = ((double)x / size.Width, (double)y / size.Height);
                var share = (across * slant + down) / (slant + 1);
                var wave = 0.06 * Math.Sin(2 * Math.PI * waveX * across) * Math.Cos(2 * Math.PI * waveY * down);
                var color = Rgb.Mix(from, to, Math.Clamp(share + wave, 0, 1));
                var grain = Between(random, -1, 1);
                var pixel = 3 * (y * size.Width + x);
                pixels[pixel] = (byte)Math.Clamp(color.R + grain + 0.5, 0, 255);
                pixels[pixel + 1] = (byte)Math.Clamp(color.G + grain + 0.5, 0, 255);
                pixels[pixel + 2] = (byte)Math.Clamp(color.B + grain + 0.5, 0, 255);
            }
        }

        return pixels;
    }

    private static double Distance(Rgb a, Rgb b) =>
        Math.Sqrt((a.R - b.R) * (a.R - b.R) + (a.G - b.G) * (a.G - b.G) + (a.B - b.B) * (a.B - b.B));

    private static double Between(Random random, double low, double high) => low + (high - low) * random.NextDouble();
}
