using System.Runtime.Intrinsics;
using System.Text.Json;
using SegBatch.Geometry;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Tracking;

/// <summary>States that go with the camera: against the reference's, and against the filter written out with whole 8 × 8 matrices.</summary>
public sealed class PairCovarianceTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void Recorded_states_are_moved_as_recorded()
    {
        using var recording = RecordedData.Json("apply_warp.json");
        Assert.Equal(4, CheckMoved(recording));
    }

    [Fact]
    public void All_recorded_states_are_moved_as_recorded()
    {
        using var recording = SharedData.Json("reference/oracle/06_gmc/apply_warp.json");
        Assert.Equal(20, CheckMoved(recording));
    }

    [Theory]
    [InlineData(0.03, 1.02)]
    [InlineData(-0.4, 0.9)]
    [InlineData(0, 1.01)]
    public void Moved_states_are_predicted_and_updated_as_whole_matrices_are(double angle, double scale)
    {
        var random = new Random(4);
        var filter = BoxKalmanFilter.Xywh;
        var state = filter.Initiate(Vector256.Create(600.0, 400, 80, 200));
        var dense = new DenseFilter(state);
        for (var step = 0; step < 25; step++)
        {
            filter.Predict(ref state);
            dense.Predict();
            var (cos, sin) = (scale * Math.Cos(angle), scale * Math.Sin(angle));
            var motion = new AffineMotion(cos, -sin, random.Next(-20, 20), sin, cos, random.Next(-20, 20));
            if (step % 3 != 2)
            {
                filter.Move(ref state, motion);
                dense.Move(motion);
            }

            if (step % 4 != 3) // not seen in every frame
            {
                var measured =
                    state.Value + Vector256.Create(random.Next(-5, 5), random.Next(-5, 5), random.Next(-5, 5), (double)random.Next(-5, 5));
                filter.Update(ref state, measured);
                dense.Update(measured);
            }

            Check(dense.Mean, dense.Covariance, in state);
        }

        Assert.Equal(angle == 0, state.Pair.IsZero);
    }

    /// <summary>
    /// A filter that goes with the camera knows what one before a still camera knows, seen through the camera: the ratio as it is, the height
    /// by the scale, the centre and its velocity by all of the motion.
    /// </summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 1.02)]
    [InlineData(0.05, 0.99)]
    public void A_state_with_a_ratio_sees_the_same_behind_a_moving_camera(double angle, double scale)
    {
        var random = new Random(6);
        var filter = BoxKalmanFilter.Xyah;
        var (still, moving) = (
            filter.Initiate(Vector256.Create(600.0, 400, 0.4, 200)),
            filter.Initiate(Vector256.Create(600.0, 400, 0.4, 200))
        );
        var (own, other, shift) = (Vector256.Create(1.0), Vector256<double>.Zero, Vector256<double>.Zero);
        for (var step = 0; step < 30; step++)
        {
            filter.Predict(ref still);
            filter.Predict(ref moving);
            var (cos, sin) = (scale * Math.Cos(angle), scale * Math.Sin(angle));
            var motion = new AffineMotion(cos, -sin, random.Next(-20, 20), sin, cos, random.Next(-20, 20));
            filter.Move(ref moving, motion);

            // All motions so far, one after the other: of complex numbers, as it is a turn and a scale.
            (var (re, im), shift) = ((own.GetElement(0), other.GetElement(1)), Turned(shift, cos, sin));
            shift += Vector256.Create(motion.Tx, motion.Ty, 0, 0);
            (re, im) = ((cos * re) - (sin * im), (cos * im) + (sin * re));
            own = Vector256.Create(re, re, 1, Math.Sqrt((re * re) + (im * im)));
            other = Vector256.Create(-im, im, 0, 0);

            if (step % 4 != 3) // not seen in every frame
            {
                var measured = still.Value + Vector256.Create(random.Next(-5, 5), random.Next(-5, 5), 0.01, random.Next(-5, 5));
                filter.Update(ref still, measured);
                filter.Update(ref moving, Through(measured) + shift);
            }

            for (var i = 0; i < 4; i++)
            {
                Assert.Equal((Through(still.Value) + shift).GetElement(i), moving.Value.GetElement(i), 1e-6);
                Assert.Equal(Through(still.Velocity).GetElement(i), moving.Velocity.GetElement(i), 1e-6);
            }
        }

        Vector256<double> Through(Vector256<double> value) => (own * value) + (other * PairCovariance.Partner(value));

        static Vector256<double> Turned(Vector256<double> value, double cos, double sin) =>
            Vector256.Create(
                (cos * value.GetElement(0)) - (sin * value.GetElement(1)),
                (sin * value.GetElement(0)) + (cos * value.GetElement(1)),
                0,
                0
            );
    }

    private static int CheckMoved(JsonDocument recording)
    {
        var count = 0;
        foreach (var recorded in recording.RootElement.GetProperty("states").EnumerateArray())
        {
            var (mean, covariance) = (Row(recorded.GetProperty("mean_in")), Rows(recorded.GetProperty("cov_in")));
            var state = new BoxState
            {
                Value = Vector256.Create(mean[..4]),
                Velocity = Vector256.Create(mean[4..]),
                ValueVariance = Vector256.Create([.. Enumerable.Range(0, 4).Select(i => covariance[i, i])]),
                Covariance = Vector256.Create([.. Enumerable.Range(0, 4).Select(i => covariance[i, i + 4])]),
                VelocityVariance = Vector256.Create([.. Enumerable.Range(0, 4).Select(i => covariance[i + 4, i + 4])]),
            };
            var h = Rows(recorded.GetProperty("H"));
            BoxKalmanFilter.Xywh.Move(ref state, new AffineMotion(h[0, 0], h[0, 1], h[0, 2], h[1, 0], h[1, 1], h[1, 2]));
            Assert.False(state.Pair.IsZero);
            Check(Row(recorded.GetProperty("mean_out")), Rows(recorded.GetProperty("cov_out")), in state);
            count++;
        }

        return count;
    }

    private static void Check(double[] mean, double[,] covariance, in BoxState state)
    {
        for (var i = 0; i < 8; i++)
        {
            Near(mean[i], i < 4 ? state.Value[i] : state.Velocity[i - 4], $"mean {i}");
            for (var j = 0; j < 8; j++)
            {
                Near(covariance[i, j], Element(in state, i, j), $"covariance {i}, {j}");
            }
        }
    }

    /// <summary>An element of the 8 × 8 covariance.</summary>
    private static double Element(in BoxState state, int row, int column)
    {
        var (i, j) = (row % 4, column % 4);
        var isPair = (i ^ 1) == j;
        return (row / 4, column / 4) switch
        {
            _ when i != j && !isPair => 0,
            (0, 0) => isPair ? state.Pair.Value[i] : state.ValueVariance[i],
            (1, 1) => isPair ? state.Pair.Velocity[i] : state.VelocityVariance[i],
            (0, 1) => isPair ? state.Pair.Mixed[i] : state.Covariance[i],
            _ => isPair ? state.Pair.Mixed[j] : state.Covariance[i],
        };
    }

    private static void Near(double expected, double actual, string what) =>
        Assert.True(
            Math.Abs(expected - actual) <= Tolerance * Math.Max(1, Math.Abs(expected)),
            $"{what}: expected {expected:R}, got {actual:R}"
        );

    private static double[] Row(JsonElement row) => [.. row.EnumerateArray().Select(number => number.GetDouble())];

    private static double[,] Rows(JsonElement rows)
    {
        var values = new double[rows.GetArrayLength(), rows[0].GetArrayLength()];
        for (var i = 0; i < values.GetLength(0); i++)
        {
            for (var j = 0; j < values.GetLength(1); j++)
            {
                values[i, j] = rows[i][j].GetDouble();
            }
        }

        return values;
    }

    /// <summary>The textbook's filter over (x, y, w, h) and their velocities, with BoT-SORT's noise: 1/20 and 1/160 of width and height.</summary>
    private sealed class DenseFilter
    {
        public DenseFilter(in BoxState state)
        {
            for (var i = 0; i < 8; i++)
            {
                Mean[i] = i < 4 ? state.Value[i] : state.Velocity[i - 4];
                Covariance[i, i] = i < 4 ? state.ValueVariance[i] : state.VelocityVariance[i - 4];
            }
        }

        public double[] Mean { get; private set; } = new double[8];

        public double[,] Covariance { get; private set; } = new double[8, 8];

        public void Predict()
        {
            var step = Identity();
            for (var i = 0; i < 4; i++)
            {
                step[i, i + 4] = 1;
            }

            var (width, height) = (Mean[2], Mean[3]);
            Apply(step);
            for (var i = 0; i < 8; i++)
            {
                var deviation = (i % 2 == 0 ? width : height) / (i < 4 ? 20 : 160);
                Covariance[i, i] += deviation * deviation;
            }
        }

        public void Move(AffineMotion motion)
        {
            var turn = new double[8, 8];
            for (var i = 0; i < 8; i += 2)
            {
                (turn[i, i], turn[i, i + 1], turn[i + 1, i], turn[i + 1, i + 1]) = (motion.A, motion.B, motion.C, motion.D);
            }

            foreach (var size in new[] { 2, 6 })
            {
                for (var i = 0; i < 4; i++)
                {
                    turn[size + i / 2, size + i % 2] = Math.Abs(turn[size + i / 2, size + i % 2]);
                }
            }

            Apply(turn);
            Mean[0] += motion.Tx;
            Mean[1] += motion.Ty;
        }

        /// <summary>One coordinate after the other, which is the same where their noise is independent.</summary>
        public void Update(Vector256<double> measured)
        {
            var (width, height) = (Mean[2], Mean[3]);
            for (var k = 0; k < 4; k++)
            {
                var deviation = (k % 2 == 0 ? width : height) / 20;
                var variance = Covariance[k, k] + deviation * deviation;
                var gain = Enumerable.Range(0, 8).Select(i => Covariance[i, k] / variance).ToArray();
                var innovation = measured[k] - Mean[k];
                var row = Enumerable.Range(0, 8).Select(j => Covariance[k, j]).ToArray();
                for (var i = 0; i < 8; i++)
                {
                    Mean[i] += gain[i] * innovation;
                    for (var j = 0; j < 8; j++)
                    {
                        Covariance[i, j] -= gain[i] * row[j];
                    }
                }
            }
        }

        private void Apply(double[,] matrix)
        {
            var column = new double[8, 1];
            for (var i = 0; i < 8; i++)
            {
                column[i, 0] = Mean[i];
            }

            column = Product(matrix, column, transposed: false);
            Mean = [.. Enumerable.Range(0, 8).Select(i => column[i, 0])];
            Covariance = Product(Product(matrix, Covariance, transposed: false), matrix, transposed: true);
        }

        private static double[,] Product(double[,] left, double[,] right, bool transposed)
        {
            var columns = transposed ? right.GetLength(0) : right.GetLength(1);
            var product = new double[8, columns];
            for (var i = 0; i < 8; i++)
            {
                for (var j = 0; j < columns; j++)
                {
                    product[i, j] = Enumerable.Range(0, 8).Sum(k => left[i, k] * (transposed ? right[j, k] : right[k, j]));
                }
            }

            return product;
        }

        private static double[,] Identity()
        {
            var identity = new double[8, 8];
            for (var i = 0; i < 8; i++)
            {
                identity[i, i] = 1;
            }

            return identity;
        }
    }
}
