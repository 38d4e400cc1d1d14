using System.Numerics;
using System.Text.Json;
using SegBatch.Geometry;
using SegBatch.Motion;
using SegBatch.Tests.Letterboxing;
using Xunit;

namespace SegBatch.Tests.Motion;

/// <summary>Pairs of pictures whose motion the reference recorded, most of them made with a motion that is known exactly.</summary>
public sealed class RecordedMotionTests
{
    private const string Oracle = "reference/oracle/06_gmc";

    [Fact]
    public void Corners_flow_and_motion_are_the_recorded_ones()
    {
        var (pairs, points) = (0, 0);
        using var recording = SharedData.Json($"{Oracle}/pairs.json");
        foreach (var recorded in recording.RootElement.GetProperty("pairs").EnumerateArray())
        {
            var pair = Load(recorded);
            var half = new FrameSize(pair.Size.Width / 2, pair.Size.Height / 2);
            var (before, now) = (Pyramid(pair, half, pair.Before), Pyramid(pair, half, pair.Now));
            var settings = FlowSettings.Reference;
            var corners = new List<Vector2>();
            new CornerDetector(half, settings.Quality, settings.MostCorners, settings.Cell).Find(before[0], corners);
            Assert.Equal(Points(recorded, "half_size_corners"), corners);

            var follower = new LucasKanade(settings.Window, settings.Steps, settings.Precision, settings.CoarsePrecision);
            var tracked = Points(recorded, "half_size_tracked");
            for (var i = 0; i < corners.Count; i++, points++)
            {
                Assert.Equal(recorded.GetProperty("status")[i].GetInt32() == 1, follower.Follow(before, now, corners[i], out var found));
                Assert.InRange(Vector2.Distance(tracked[i], found), 0, 1e-3f);
            }

            var flow = new SparseFlow(half, settings);
            Halve(pair, pair.Before, flow.Next);
            flow.Skip();
            Halve(pair, pair.Now, flow.Next);
            var motion = flow.Estimate() ?? AffineMotion.Identity;
            motion = motion with { Tx = 2 * motion.Tx, Ty = 2 * motion.Ty };
            Assert.InRange(pair.Distance(ToMotion(recorded.GetProperty("H")), motion), 0, 1e-3);
            pairs++;
        }

        Assert.Equal((12, 3733), (pairs, points));
    }

    [Fact]
    public void The_default_mode_is_near_the_truth()
    {
        var pairs = 0;
        using var recording = SharedData.Json($"{Oracle}/pairs.json");
        foreach (var recorded in recording.RootElement.GetProperty("pairs").EnumerateArray())
        {
            if (recorded.GetProperty("true_prev_to_cur") is { ValueKind: JsonValueKind.Array } truth)
            {
                var pair = Load(recorded);
                var index = ToMotion(truth); // between samples' indices, half a pixel less than a box's coordinates
                var expected = index with { Tx = index.Tx + 0.5 * (1 - index.A - index.B), Ty = index.Ty + 0.5 * (1 - index.C - index.D) };
                Assert.InRange(pair.Distance(expected, pair.Default()), 0, 0.1);
                pairs++;
            }
        }

        Assert.Equal(6, pairs);
    }

    private static MotionPair Load(JsonElement recorded)
    {
        var (size, before) = Png.ReadGray(SharedData.Path($"{Oracle}/{recorded.GetProperty("prev").GetString()}"));
        return new MotionPair(size, before, Png.ReadGray(SharedData.Path($"{Oracle}/{recorded.GetProperty("cur").GetString()}")).Gray);
    }

    private static List<Vector2> Points(JsonElement recorded, string name) =>
        recorded.TryGetProperty(name, out var points) && points.ValueKind == JsonValueKind.Array
            ? [.. points.EnumerateArray().Select(point => new Vector2(point[0].GetSingle(), point[1].GetSingle()))]
            : [];

    private static GrayPyramid Pyramid(MotionPair pair, FrameSize half, byte[] gray)
    {
        var pyramid = new GrayPyramid(half, FlowSettings.Reference.Levels, FlowSettings.Reference.Window);
        Halve(pair, gray, pyramid[0]);
        pyramid.Build();
        return pyramid;
    }

    private static void Halve(MotionPair pair, byte[] gray, GrayPlane target)
    {
        for (var y = 0; y < target.Size.Height; y++)
        {
            for (var x = 0; x < target.Size.Width; x++)
            {
                var at = 2 * (y * pair.Size.Width + x);
                var sum = gray[at] + gray[at + 1] + gray[at + pair.Size.Width] + gray[at + pair.Size.Width + 1];
                target.Row(y)[x] = (byte)((sum + 2) / 4);
            }
        }
    }

    private static AffineMotion ToMotion(JsonElement rows) =>
        new(
            rows[0][0].GetDouble(),
            rows[0][1].GetDouble(),
            rows[0][2].GetDouble(),
            rows[1][0].GetDouble(),
            rows[1][1].GetDouble(),
            rows[1][2].GetDouble()
        );
}
