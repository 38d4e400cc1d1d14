namespace SegBatch.Benchmarks.TrackerRace;

/// <summary>What an object of a made-up sequence looks like.</summary>
internal enum FigureKind
{
    /// <summary>Head, trunk and two legs that swing.</summary>
    Walker = 0,

    /// <summary>Body and cabin.</summary>
    Car = 1,

    /// <summary>A post in the foreground: it hides, and is no object.</summary>
    Post = 2,
}

/// <summary>One way to go: so many frames at so many pixels per frame.</summary>
internal readonly record struct Leg(int Frames, double SpeedX, double SpeedY = 0);

/// <summary>An object of a made-up sequence: where its foot is from frame to frame, and which points belong to it there.</summary>
internal sealed class Figure
{
    private const double Inertia = 0.7;

    private readonly List<(double X, double Y)> _feet = [];

    /// <param name="kind">What it looks like.</param>
    /// <param name="start">Middle of its lower edge in the first frame; what has the lower one is nearer.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="legs">Its way; after the last leg it stands.</param>
    /// <param name="frames">Length of the sequence.</param>
    /// <param name="phase">Of its gait.</param>
    public Figure(FigureKind kind, (double X, double Y) start, double height, IReadOnlyList<Leg> legs, int frames, double phase)
    {
        (Kind, Height, Phase) = (kind, height, phase);
        Width = height * (kind == FigureKind.Car ? 2.1 : 0.42);
        var (x, y) = start;
        var (speedX, speedY) = legs.Count > 0 ? (legs[0].SpeedX, legs[0].SpeedY) : (0, 0);
        var (leg, left) = (0, legs.Count > 0 ? legs[0].Frames : 0);
        for (var frame = 0; frame < frames; frame++)
        {
            _feet.Add((x, y));
            while (leg < legs.Count && left-- == 0)
            {
                left = ++leg < legs.Count ? legs[leg].Frames : 0;
            }

            var (aimX, aimY) = leg < legs.Count ? (legs[leg].SpeedX, legs[leg].SpeedY) : (0, 0);
            (speedX, speedY) = (Inertia * speedX + (1 - Inertia) * aimX, Inertia * speedY + (1 - Inertia) * aimY);
            (x, y) = (x + speedX, y + speedY);
        }
    }

    public FigureKind Kind { get; }

    public double Height { get; }

    public double Width { get; }

    private double Phase { get; }

    /// <summary>Middle of the lower edge, pixels.</summary>
    public (double X, double Y) Foot(int frame) => _feet[frame];

    /// <summary>How far its legs are apart, by the way that was gone: -1 to 1.</summary>
    public double Stride(int frame) => Math.Sin(Phase + ((_feet[frame].X + _feet[frame].Y) * 16 / Height));

    /// <summary>Whether it holds a point, if nothing is before it.</summary>
    /// <param name="u">Across, from -1 to 1.</param>
    /// <param name="v">Up, from 0 to 1.</param>
    /// <param name="stride">See <see cref="Stride"/>.</param>
    public bool Holds(double u, double v, double stride)
    {
        if (v is < 0 or > 1 || u is < -1 or > 1)
        {
            return false;
        }

        switch (Kind)
        {
            case FigureKind.Post:
                return true;
            case FigureKind.Car:
                return v < 0.55 ? Math.Abs(u) < 0.95 : Math.Abs(u) < 0.7 - (0.5 * (v - 0.55));
            default:
                if (v > 0.84)
                {
                    return (u * u * 0.0441) + ((v - 0.91) * (v - 0.91)) < 0.0081;
                }

                var swing = 0.45 * stride * (0.45 - v) / 0.45;
                return v > 0.45
                    ? Math.Abs(u) < 0.62 - (0.25 * Math.Abs(v - 0.7))
                    : Math.Abs(u - 0.2 - swing) < 0.3 || Math.Abs(u + 0.2 + swing) < 0.3;
        }
    }
}
