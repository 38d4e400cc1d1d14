namespace SegBatch.Demo;

/// <summary>Where the middle of a shape is, frame pixels, and how it is turned, radians clockwise.</summary>
internal readonly record struct Pose(double X, double Y, double Angle);

/// <summary>Red, green, blue, 0 to 255.</summary>
internal readonly record struct Rgb(double R, double G, double B)
{
    /// <summary>The colour of a hue (degrees), saturation and value (0 to 1).</summary>
    public static Rgb FromHue(double hue, double saturation, double value)
    {
        return new Rgb(Channel(5), Channel(3), Channel(1));

        double Channel(int n)
        {
            var k = (n + hue / 60 + 60) % 6;
            return 255 * value * (1 - saturation * Math.Clamp(Math.Min(k, 4 - k), 0, 1));
        }
    }

    public static Rgb Mix(Rgb a, Rgb b, double share) =>
        new(a.R + (b.R - a.R) * share, a.G + (b.G - a.G) * share, a.B + (b.B - a.B) * share);
}

/// <summary>A shape of a clip over its whole life; the same <see cref="Id"/> however often it leaves and comes back.</summary>
internal sealed record DemoObject
{
    /// <summary>From 1 in each clip. A greater one is nearer and covers a smaller one.</summary>
    public required int Id { get; init; }

    public required Shape Shape { get; init; }

    /// <summary>Colours from one side to the other.</summary>
    public required (Rgb From, Rgb To) Colors { get; init; }

    /// <summary>Middle of the path, frame pixels.</summary>
    public required (double X, double Y) Center { get; init; }

    /// <summary>How far it swings from the middle, pixels; the path is a Lissajous curve.</summary>
    public required (double X, double Y) Swing { get; init; }

    /// <summary>Seconds for there and back.</summary>
    public required (double X, double Y) Period { get; init; }

    /// <summary>Where in the period it begins, radians.</summary>
    public required (double X, double Y) Phase { get; init; }

    /// <summary>Radians clockwise: at the beginning, and more per second.</summary>
    public required (double Start, double PerSecond) Turn { get; init; }

    public Pose At(double seconds) =>
        new(
            Center.X + Swing.X * Math.Sin(2 * Math.PI * seconds / Period.X + Phase.X),
            Center.Y + Swing.Y * Math.Sin(2 * Math.PI * seconds / Period.Y + Phase.Y),
            Turn.Start + Turn.PerSecond * seconds
        );
}
