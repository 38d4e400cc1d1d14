using SegBatch.Geometry;

namespace SegBatch.Benchmarks.TrackerRace;

/// <summary>
/// Made-up sequences in which trackers lose their ids: figures that cross, walk side by side, stop behind each other and go on or turn
/// back, and pass behind posts. The same seed gives the same figures.
/// </summary>
internal static class Crowd
{
    public const int Frames = 240;

    public static readonly FrameSize Size = new(960, 540);

    /// <summary>What happens in them.</summary>
    public static IReadOnlyList<string> Plots { get; } = ["crossing", "stopping", "side by side", "traffic"];

    /// <summary>The figures of one sequence.</summary>
    public static List<Figure> Figures(string plot, int seed)
    {
        var random = new Random(seed * 31 + plot.Length);
        return plot switch
        {
            "crossing" => Crossing(random, 11),
            "stopping" => Stopping(random),
            "side by side" => SideBySide(random),
            "traffic" => Traffic(random),
            _ => throw new ArgumentException($"there is no plot \"{plot}\""),
        };
    }

    /// <summary>Walkers from both sides on neighbouring lanes.</summary>
    private static List<Figure> Crossing(Random random, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var rightwards = i % 2 == 0;
                    var speed = Between(random, 2, 5) * (rightwards ? 1 : -1);
                    var start = (rightwards ? Between(random, -150, 420) : Between(random, 540, 1110), Lane(random));
                    return Walker(start, random, [new(Frames, speed, Between(random, -0.15, 0.15))]);
                }),
        ];

    /// <summary>Some stand; the others come, stop behind one of them, and go on or turn back.</summary>
    private static List<Figure> Stopping(Random random)
    {
        var figures = new List<Figure>();
        for (var i = 0; i < 4; i++)
        {
            figures.Add(Walker((140 + 225 * i + Between(random, -40, 40), Between(random, 430, 500)), random, []));
        }

        for (var i = 0; i < 7; i++)
        {
            var target = figures[random.Next(4)];
            var rightwards = random.Next(2) == 0;
            var speed = Between(random, 2, 4.5) * (rightwards ? 1 : -1);
            var startX = rightwards ? Between(random, -100, 100) : Between(random, 860, 1060);
            var way = target.Foot(0).X + Between(random, -15, 15) - startX;
            var frames = Math.Max(1, (int)(way / speed));
            var after = random.Next(3) == 0 ? -speed : speed;
            figures.Add(
                Walker(
                    (startX, target.Foot(0).Y - Between(random, 6, 30)),
                    random,
                    [new(frames, way / frames), new(random.Next(15, 60), 0), new(Frames, after)]
                )
            );
        }

        return figures;
    }

    /// <summary>Groups that walk together and overlap all the way, and single walkers against them.</summary>
    private static List<Figure> SideBySide(Random random)
    {
        var figures = new List<Figure>();
        for (var group = 0; group < 3; group++)
        {
            var rightwards = random.Next(2) == 0;
            var speed = Between(random, 1.5, 3.5) * (rightwards ? 1 : -1);
            var (x, y) = (rightwards ? Between(random, -60, 300) : Between(random, 660, 1020), Lane(random));
            for (var i = 0; i < 3; i++)
            {
                // One overtakes the others slowly, and falls back.
                var drift = Between(random, 0.2, 0.7) * (i - 1);
                var turn = random.Next(70, 130);
                var start = (x + 28 * i * Math.Sign(-speed) + Between(random, -8, 8), y + 14 * i);
                figures.Add(Walker(start, random, [new(turn, speed + drift), new(Frames, speed - drift)]));
            }
        }

        figures.AddRange(Crossing(random, 3));
        return figures;
    }

    /// <summary>Cars and walkers on both sides of the road, behind posts.</summary>
    private static List<Figure> Traffic(Random random)
    {
        var figures = new List<Figure>();
        for (var i = 0; i < 5; i++)
        {
            var rightwards = i % 2 == 0;
            var speed = Between(random, 3, 7) * (rightwards ? 1 : -1);
            var stop = random.Next(2) == 0 ? random.Next(20, 60) : 0;
            var start = (rightwards ? Between(random, -300, 300) : Between(random, 660, 1260), rightwards ? 400.0 : 345);
            var legs = new Leg[] { new(random.Next(40, 120), speed), new(stop, 0), new(Frames, speed) };
            figures.Add(new Figure(FigureKind.Car, start, Between(random, 75, 105), legs, Frames, 0));
        }

        figures.AddRange(Crossing(random, 6));
        for (var i = 0; i < 3; i++)
        {
            figures.Add(new Figure(FigureKind.Post, (Between(random, 200, 760), 535), 480, [], Frames, 0));
        }

        return figures;
    }

    private static Figure Walker((double X, double Y) foot, Random random, IReadOnlyList<Leg> legs) =>
        new(FigureKind.Walker, foot, (0.45 * (foot.Y - 150)) + Between(random, 20, 55), legs, Frames, Between(random, 0, 2 * Math.PI));

    private static double Lane(Random random) => Between(random, 330, 510);

    private static double Between(Random random, double low, double high) => low + ((high - low) * random.NextDouble());
}
