using System.Numerics;
using SegBatch.Geometry;

namespace SegBatch.Benchmarks.Baselines;

/// <summary>The default camera motion written down straight: sample by sample in floating point, every window taken anew at every step.</summary>
internal static class PlainFlow
{
    private const int Factor = 4;
    private const int Levels = 3;
    private const int Radius = 7;
    private const int Cell = 12;
    private const int Corners = 128;

    /// <param name="before">Luma of a frame of 4 × 4 squares.</param>
    /// <param name="now">That of the next one.</param>
    /// <returns>Frame pixels, as boxes count.</returns>
    public static AffineMotion Find(byte[] before, byte[] now, FrameSize size)
    {
        var (first, second) = (Pyramid(before, size), Pyramid(now, size));
        var pairs = new List<(Vector2 From, Vector2 To)>();
        foreach (var corner in FindCorners(first[1]))
        {
            if (Follow(first, second, corner * 2) is { } found)
            {
                pairs.Add((corner * 2, found));
            }
        }

        var motion = Agree(pairs);
        var (x, y) = (0.5 * (1 - motion.A - motion.B), 0.5 * (1 - motion.C - motion.D));
        return motion with { Tx = Factor * (motion.Tx + x), Ty = Factor * (motion.Ty + y) };
    }

    private static float[][,] Pyramid(byte[] gray, FrameSize size)
    {
        var levels = new float[Levels][,];
        levels[0] = new float[size.Height / Factor, size.Width / Factor];
        Each(levels[0], (x, y) => Enumerable.Range(0, 16).Sum(i => gray[(Factor * y + i / 4) * size.Width + Factor * x + i % 4]) / 16f);
        for (var level = 1; level < Levels; level++)
        {
            var below = levels[level - 1];
            levels[level] = new float[(below.GetLength(0) + 1) / 2, (below.GetLength(1) + 1) / 2];
            float[] weights = [1 / 16f, 4 / 16f, 6 / 16f, 4 / 16f, 1 / 16f];
            Each(
                levels[level],
                (x, y) =>
                {
                    var sum = 0f;
                    for (var i = 0; i < 25; i++)
                    {
                        sum += weights[i / 5] * weights[i % 5] * At(below, 2 * x + i % 5 - 2, 2 * y + i / 5 - 2);
                    }

                    return sum;
                }
            );
        }

        foreach (var level in levels)
        {
            Each(level, (x, y) => MathF.Floor(level[y, x] + 0.5f));
        }

        return levels;
    }

    private static IEnumerable<Vector2> FindCorners(float[,] picture)
    {
        var response = new float[picture.GetLength(0), picture.GetLength(1)];
        Each(
            response,
            (x, y) =>
            {
                var (xx, xy, yy) = (0f, 0f, 0f);
                for (var i = 0; i < 9; i++)
                {
                    var (u, v) = (Mirror(x + i % 3 - 1, picture.GetLength(1)), Mirror(y + i / 3 - 1, picture.GetLength(0)));
                    var (gradientX, gradientY) = (Gradient(picture, u, v, 1, 0, 2), Gradient(picture, u, v, 0, 1, 2));
                    (xx, xy, yy) = (xx + gradientX * gradientX, xy + gradientX * gradientY, yy + gradientY * gradientY);
                }

                return (xx + yy - MathF.Sqrt((xx - yy) * (xx - yy) + 4 * xy * xy)) / 2;
            }
        );
        var threshold = 0.01f * response.Cast<float>().Max();
        var best = new Dictionary<(int, int), (float Response, int X, int Y)>();
        for (var y = 1; y < response.GetLength(0) - 1; y++)
        {
            for (var x = 1; x < response.GetLength(1) - 1; x++)
            {
                var (own, column, row) = (response[y, x], x, y);
                var isLargest = Enumerable.Range(0, 9).All(i => own >= response[row + i / 3 - 1, column + i % 3 - 1]);
                if (own > threshold && isLargest && own >= best.GetValueOrDefault((x / Cell, y / Cell)).Response)
                {
                    best[(x / Cell, y / Cell)] = (own, x, y);
                }
            }
        }

        return best.Values.OrderByDescending(corner => corner).Take(Corners).Select(corner => new Vector2(corner.X, corner.Y));
    }

    private static Vector2? Follow(float[][,] first, float[][,] second, Vector2 point)
    {
        var shift = Vector2.Zero;
        for (var level = Levels - 1; level >= 0; level--)
        {
            shift *= level < Levels - 1 ? 2 : 1;
            var at = point / (1 << level);
            for (var step = 0; step < 12; step++)
            {
                var (xx, xy, yy, pull) = (0f, 0f, 0f, Vector2.Zero);
                for (var y = -Radius; y <= Radius; y++)
                {
                    for (var x = -Radius; x <= Radius; x++)
                    {
                        var place = at + new Vector2(x, y);
                        var gradient = new Vector2(Between(first[level], place, 1, 0), Between(first[level], place, 0, 1));
                        (xx, xy, yy) = (xx + gradient.X * gradient.X, xy + gradient.X * gradient.Y, yy + gradient.Y * gradient.Y);
                        pull += gradient * (Between(second[level], place + shift, 0, 0) - Between(first[level], place, 0, 0));
                    }
                }

                var move = new Vector2(xy * pull.Y - yy * pull.X, xy * pull.X - xx * pull.Y) / (xx * yy - xy * xy);
                shift += move;
                if (!(move.Length() > (level == 0 ? 0.03f : 0.15f)))
                {
                    break;
                }
            }
        }

        var found = point + shift;
        var isInside = found.X >= 0 && found.Y >= 0 && found.X < first[0].GetLength(1) && found.Y < first[0].GetLength(0);
        return isInside ? found : null;
    }

    /// <summary>The similarity through two random pairs that most pairs agree with, then twice the nearest to those.</summary>
    private static AffineMotion Agree(List<(Vector2 From, Vector2 To)> pairs)
    {
        var random = new Random(1);
        var agreeing = new List<(Vector2 From, Vector2 To)>();
        for (var round = 0; round < 200; round++)
        {
            var motion = Nearest([pairs[random.Next(pairs.Count)], pairs[random.Next(pairs.Count)]]);
            var found = pairs.Where(pair => Away(motion, pair) <= 1).ToList();
            agreeing = found.Count > agreeing.Count ? found : agreeing;
        }

        var first = Nearest(agreeing);
        return Nearest(pairs.Where(pair => Away(first, pair) <= 1).ToList());
    }

    private static AffineMotion Nearest(List<(Vector2 From, Vector2 To)> pairs)
    {
        var from = pairs.Aggregate(Vector2.Zero, (sum, pair) => sum + pair.From) / pairs.Count;
        var to = pairs.Aggregate(Vector2.Zero, (sum, pair) => sum + pair.To) / pairs.Count;
        var (along, across, spread) = (0.0, 0.0, 0.0);
        foreach (var pair in pairs)
        {
            var (p, q) = (pair.From - from, pair.To - to);
            (along, across, spread) = (along + Vector2.Dot(p, q), across + p.X * q.Y - p.Y * q.X, spread + p.LengthSquared());
        }

        var (a, c) = (along / spread, across / spread);
        return new(a, -c, to.X - a * from.X + c * from.Y, c, a, to.Y - c * from.X - a * from.Y);
    }

    private static double Away(AffineMotion motion, (Vector2 From, Vector2 To) pair)
    {
        var x = motion.A * pair.From.X + motion.B * pair.From.Y + motion.Tx - pair.To.X;
        var y = motion.C * pair.From.X + motion.D * pair.From.Y + motion.Ty - pair.To.Y;
        return Math.Sqrt(x * x + y * y);
    }

    /// <summary>A sample between four samples, or between their gradients along x or y.</summary>
    private static float Between(float[,] picture, Vector2 at, int alongX, int alongY)
    {
        var (x, y) = ((int)MathF.Floor(at.X), (int)MathF.Floor(at.Y));
        var (right, down) = (at.X - x, at.Y - y);
        return (1 - right) * (1 - down) * Value(x, y)
            + right * (1 - down) * Value(x + 1, y)
            + (1 - right) * down * Value(x, y + 1)
            + right * down * Value(x + 1, y + 1);

        float Value(int u, int v)
        {
            if (alongX + alongY == 0)
            {
                return At(picture, u, v);
            }

            var isInside = u >= 0 && v >= 0 && u < picture.GetLength(1) && v < picture.GetLength(0);
            return isInside ? Gradient(picture, u, v, alongX, alongY, 10 / 3f) / 32 * 3 : 0;
        }
    }

    /// <summary>Central difference along one axis, smoothed by 1, <paramref name="middle"/>, 1 along the other.</summary>
    private static float Gradient(float[,] picture, int x, int y, int alongX, int alongY, float middle)
    {
        var sum = 0f;
        for (var i = -1; i <= 1; i++)
        {
            var (u, v) = (x + i * alongY, y + i * alongX);
            sum += (i == 0 ? middle : 1) * (At(picture, u + alongX, v + alongY) - At(picture, u - alongX, v - alongY));
        }

        return sum;
    }

    private static float At(float[,] picture, int x, int y) => picture[Mirror(y, picture.GetLength(0)), Mirror(x, picture.GetLength(1))];

    private static int Mirror(int at, int length) =>
        at < 0 ? Math.Min(-at, length - 1)
        : at < length ? at
        : Math.Max(0, 2 * length - 2 - at);

    private static void Each(float[,] picture, Func<int, int, float> value)
    {
        for (var y = 0; y < picture.GetLength(0); y++)
        {
            for (var x = 0; x < picture.GetLength(1); x++)
            {
                picture[y, x] = value(x, y);
            }
        }
    }
}
