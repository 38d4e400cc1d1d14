using SegBatch.Geometry;
using SegBatch.Stitching;
using Xunit;

namespace SegBatch.Tests.Stitching;

public sealed class StitchCostTests
{
    /// <summary>Films run backwards show the same objects: predicting forwards and backwards must agree.</summary>
    [Fact]
    public void The_cost_is_the_same_backwards_in_time()
    {
        var random = new Random(5);
        var finite = 0;
        for (var i = 0; i < 200; i++)
        {
            var speed = 200 * random.NextDouble();
            var gap = 2 + random.Next(30);
            Sighting[] earlier = [.. Enumerable.Range(0, 1 + random.Next(20)).Select(frame => Noisy(frame, speed, random))];
            Sighting[] later =
            [
                .. Enumerable.Range(earlier.Length + gap, 1 + random.Next(20)).Select(frame => Noisy(frame, speed, random)),
            ];
            var forwards = StitchCost.Of(new Trajectory(1, [.. earlier]), new Trajectory(2, [.. later]));
            var backwards = StitchCost.Of(new Trajectory(2, Reversed(later)), new Trajectory(1, Reversed(earlier)));
            Assert.Equal(forwards, backwards, double.IsFinite(forwards) ? 1e-6 : 0);
            finite += double.IsFinite(forwards) ? 1 : 0;
        }

        Assert.InRange(finite, 50, 200);
    }

    /// <summary>
    /// The filter against the same model solved in one piece: positions and the end's state are jointly normal, and the state given the
    /// positions follows from their covariance (integrated white acceleration and a velocity that is unknown at first).
    /// </summary>
    [Fact]
    public void The_state_at_an_end_is_the_conditional_mean_of_the_model()
    {
        double[] times = [0, 0.04, 0.12, 0.2, 0.3, 0.34];
        float[] xs = [100, 103, 110, 111, 125, 127];
        var sightings = times.Select((time, i) => At(i, time, xs[i])).ToList();
        var state = EndState.AtEnd(sightings);

        const double Size = 40;
        var noise = 0.04 * Size * 0.04 * Size;
        var (velocity, density) = (2 * Size * 2 * Size, Size * Size);
        var n = times.Length;
        // Deviations from the first true position, which is known from its sighting alone: z_i = z_0 + e_i - e_0 + motion.
        var covariance = new double[n - 1, n - 1];
        var withPosition = new double[n - 1];
        var withVelocity = new double[n - 1];
        var end = times[^1];
        for (var i = 1; i < n; i++)
        {
            for (var j = 1; j < n; j++)
            {
                covariance[i - 1, j - 1] = noise + (i == j ? noise : 0) + Motion(times[i], times[j]);
            }

            withPosition[i - 1] = noise + Motion(times[i], end);
            withVelocity[i - 1] = velocity * times[i] + density * times[i] * times[i] / 2;
        }

        var weights = Solve(covariance, [.. xs.Skip(1).Select(x => x - (double)xs[0])]);
        Assert.Equal(xs[0] + weights.Zip(withPosition, (w, c) => w * c).Sum(), state.X, 1e-6);
        Assert.Equal(weights.Zip(withVelocity, (w, c) => w * c).Sum(), state.VelocityX, 1e-6);
        var positionGain = Solve(covariance, withPosition);
        Assert.Equal(noise + Motion(end, end) - positionGain.Zip(withPosition, (w, c) => w * c).Sum(), state.PositionVariance, 1e-6);

        // Covariance of the true displacements at two times: unknown velocity, and twice integrated white noise.
        double Motion(double s, double t)
        {
            var (low, high) = (Math.Min(s, t), Math.Max(s, t));
            return velocity * s * t + density * (low * low * high / 2 - low * low * low / 6);
        }
    }

    private static Sighting Noisy(int frame, double speed, Random random) =>
        At(frame, frame / 25.0, (float)(100 + speed * frame / 25 + 2 * random.NextDouble()));

    private static List<Sighting> Reversed(Sighting[] sightings) =>
        [.. sightings.Reverse().Select(sighting => sighting with { Frame = 1000 - sighting.Frame, Time = 40 - sighting.Time })];

    private static Sighting At(int frame, double time, float x) =>
        new(frame, 0, time, new Box(x - 20, 80, x + 20, 120), x, 100, 1600, 0.8f, ClassId: 0, OnlineId: 1);

    /// <summary>Gauss elimination; the matrix is positive definite.</summary>
    private static double[] Solve(double[,] matrix, double[] right)
    {
        var (a, b, n) = ((double[,])matrix.Clone(), (double[])right.Clone(), right.Length);
        for (var k = 0; k < n; k++)
        {
            for (var i = k + 1; i < n; i++)
            {
                var factor = a[i, k] / a[k, k];
                for (var j = k; j < n; j++)
                {
                    a[i, j] -= factor * a[k, j];
                }

                b[i] -= factor * b[k];
            }
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < n; j++)
            {
                b[i] -= a[i, j] * b[j];
            }

            b[i] /= a[i, i];
        }

        return b;
    }
}
