using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Tracking;

public sealed class BoxKalmanFilterTests
{
    private const double Tolerance = 1e-9;

    /// <summary>Row-major 8 × 8 covariance of a track after a step.</summary>
    private delegate double[] Covariance(int track, int step);

    [Theory]
    [InlineData("xyah", 7)]
    [InlineData("xywh", 6)]
    public void Recorded_states_are_reproduced(string form, int firstZeroed)
    {
        using var recording = RecordedData.Json("kalman.json.gz");
        var states = recording.RootElement.GetProperty(form);
        Assert.Equal(2, states.GetProperty("tracks").GetInt32());
        Check(states, form, firstZeroed, Nested("predict_cov"), Nested("after_step_cov"));

        Covariance Nested(string name) =>
            (track, step) => states.GetProperty(name)[track][step].EnumerateArray().SelectMany(Numbers).ToArray();
    }

    [Theory]
    [InlineData("xyah", 7)]
    [InlineData("xywh", 6)]
    public void All_recorded_states_are_reproduced(string form, int firstZeroed)
    {
        const string Folder = "reference/oracle/04_kalman";
        using var recording = SharedData.Json($"{Folder}/{form}.json.gz");
        Assert.Equal(20, recording.RootElement.GetProperty("tracks").GetInt32());
        Check(recording.RootElement, form, firstZeroed, FromFile("predict_cov"), FromFile("after_step_cov"));

        Covariance FromFile(string name)
        {
            // A NumPy file: the magic string and version are 8 bytes, then the header's length, the header and 20 × 29 × 8 × 8 doubles.
            var file = File.ReadAllBytes(SharedData.Path($"{Folder}/{form}_{name}.npy"));
            var numbers = MemoryMarshal.Cast<byte, double>(file.AsSpan(10 + BitConverter.ToUInt16(file, 8))).ToArray();
            Assert.Equal(20 * 29 * 64, numbers.Length);
            return (track, step) => numbers.AsSpan((track * 29 + step) * 64, 64).ToArray();
        }
    }

    private static void Check(JsonElement recorded, string form, int firstZeroed, Covariance predicted, Covariance updated)
    {
        var filter = form == "xyah" ? BoxKalmanFilter.Xyah : BoxKalmanFilter.Xywh;
        for (var track = 0; track < recorded.GetProperty("tracks").GetInt32(); track++)
        {
            var measurements = recorded.GetProperty("measurement")[track];
            var state = filter.Initiate(ToVector(measurements[0]));
            CheckMean(recorded.GetProperty("initiate_mean")[track], state);
            CheckCovariance(recorded.GetProperty("initiate_cov")[track].EnumerateArray().SelectMany(Numbers).ToArray(), state);
            for (var step = 0; step < recorded.GetProperty("steps").GetInt32() - 1; step++)
            {
                if (recorded.GetProperty("size_velocity_zeroed_before_predict")[track][step].GetInt32() != 0)
                {
                    for (var i = firstZeroed; i < 8; i++)
                    {
                        state.Velocity = state.Velocity.WithElement(i - 4, 0);
                    }
                }

                filter.Predict(ref state);
                CheckMean(recorded.GetProperty("predict_mean")[track][step], state);
                CheckCovariance(predicted(track, step), state);
                if (recorded.GetProperty("has_measurement")[track][step + 1].GetInt32() != 0)
                {
                    var projected = recorded.GetProperty("project_cov")[track][step];
                    var variance = filter.InnovationVariance(in state);
                    for (var i = 0; i < 4; i++)
                    {
                        Near(projected[i][i].GetDouble(), variance.GetElement(i));
                    }

                    filter.Update(ref state, ToVector(measurements[step + 1]));
                }

                CheckMean(recorded.GetProperty("after_step_mean")[track][step], state);
                CheckCovariance(updated(track, step), state);
            }
        }
    }

    private static void CheckMean(JsonElement mean, in BoxState state)
    {
        for (var i = 0; i < 4; i++)
        {
            Near(mean[i].GetDouble(), state.Value.GetElement(i));
            Near(mean[i + 4].GetDouble(), state.Velocity.GetElement(i));
        }
    }

    private static void CheckCovariance(double[] recorded, in BoxState state)
    {
        for (var row = 0; row < 8; row++)
        {
            for (var column = 0; column < 8; column++)
            {
                var coordinate = row % 4;
                var actual = (row / 4, column / 4) switch
                {
                    _ when coordinate != column % 4 => 0,
                    (0, 0) => state.ValueVariance.GetElement(coordinate),
                    (1, 1) => state.VelocityVariance.GetElement(coordinate),
                    _ => state.Covariance.GetElement(coordinate),
                };
                Near(recorded[row * 8 + column], actual);
            }
        }
    }

    private static void Near(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= Tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");

    private static Vector256<double> ToVector(JsonElement numbers) => Vector256.Create(Numbers(numbers).ToArray());

    private static IEnumerable<double> Numbers(JsonElement row) => row.EnumerateArray().Select(number => number.GetDouble());
}
