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
    public void Scratch()
    {
        using var recording = SharedData.Json($"{Oracle}/pairs.json");
        foreach (var pair in recording.RootElement.GetProperty("pairs").EnumerateArray())
        {
            var before = Png.ReadGray(SharedData.Path($"{Oracle}/{pair.GetProperty("prev").GetString()}"));
            var now = Png.ReadGray(SharedData.Path($"{Oracle}/{pair.GetProperty("cur").GetString()}"));
            var half = new FrameSize(before.Size.Width / 2, before.Size.Height / 2);
            var flow = new SparseFlow(half, FlowSettings.Reference);
            Halve(before, flow.Next);
            flow.Skip();
            Halve(now, flow.Next);
            var motion = flow.Estimate();
            var expected = ToMotion(pair.GetProperty("H"));
            var ours = motion is { } m ? m with { Tx = 2 * m.Tx, Ty = 2 * m.Ty } : AffineMotion.Identity;
            var log = $"{pair.GetProperty("kind").GetString()} vs H {CornerError(ours, expected, before.Size):g3}";
            if (pair.GetProperty("true_prev_to_cur").ValueKind != JsonValueKind.Null)
            {
                var truth = ToMotion(pair.GetProperty("true_prev_to_cur"));
                log += $" vs truth {CornerError(ours, truth, before.Size):g3}, reference {CornerError(expected, truth, before.Size):g3}";
                foreach (var longest in new[] { 640, 240 })
                {
                    log += $" default{longest} {CornerError(Default(before, now, longest), truth, before.Size):g3}";
                }
            }
            else
            {
                log += $" default vs H {CornerError(Default(before, now, 640), expected, before.Size):g3}";
            }

            if (pair.TryGetProperty("half_size_corners", out var list) && list.ValueKind == JsonValueKind.Array)
            {
                var corners = list.EnumerateArray().Select(c => new Vector2(c[0].GetSingle(), c[1].GetSingle())).ToList();
                var tracked = pair.GetProperty("half_size_tracked").EnumerateArray().Select(c => new Vector2(c[0].GetSingle(), c[1].GetSingle())).ToList();
                var status = pair.GetProperty("status").EnumerateArray().Select(c => c.GetInt32()).ToList();
                var detector = new CornerDetector(half, 0.01, 1000, 1);
                var found = new List<Vector2>();
                var pyramid = new GrayPyramid(half, 4, 21);
                Halve(before, pyramid[0]);
                pyramid.Build();
                detector.Find(pyramid[0], found);
                var same = corners.Zip(found).TakeWhile(p => p.First == p.Second).Count();
                log += $"; corners {corners.Count} vs {found.Count}, first {same} in order, {corners.Count(found.Contains)} in set";
                var next = new GrayPyramid(half, 4, 21);
                Halve(now, next[0]);
                next.Build();
                var follower = new LucasKanade(21, 30, 0.01f);
                var (worst, differ) = (0f, 0);
                for (var i = 0; i < corners.Count; i++)
                {
                    var ok = follower.Follow(pyramid, next, corners[i], out var to);
                    differ += ok != (status[i] == 1) ? 1 : 0;
                    if (ok && status[i] == 1)
                    {
                        worst = Math.Max(worst, Vector2.Distance(to, tracked[i]));
                    }
                }

                log += $"; flow worst {worst:g3}, status differs {differ}";
            }

            Console.WriteLine(log);
        }
    }

    private static AffineMotion Default((FrameSize Size, byte[] Gray) before, (FrameSize Size, byte[] Gray) now, int longest)
    {
        var reduction = new GrayReduction(before.Size, longest);
        var flow = new SparseFlow(reduction.Size, FlowSettings.Default);
        reduction.Reduce(View(before), flow.Next);
        flow.Skip();
        reduction.Reduce(View(now), flow.Next);
        var f = reduction.Factor;
        return flow.Estimate() is { } m ? m with { Tx = f * (m.Tx + 0.5 * (1 - m.A - m.B)) - 0.5 * (1 - m.A - m.B), Ty = f * (m.Ty + 0.5 * (1 - m.C - m.D)) - 0.5 * (1 - m.C - m.D) } : AffineMotion.Identity;
    }

    private static SegBatch.Decoding.YuvPicture View((FrameSize Size, byte[] Gray) p) => new(p.Size, default, p.Gray, p.Size.Width, default, default, 0);

    private static void Halve((FrameSize Size, byte[] Gray) picture, GrayPlane target)
    {
        for (var y = 0; y < target.Size.Height; y++)
        {
            for (var x = 0; x < target.Size.Width; x++)
            {
                var at = 2 * y * picture.Size.Width + 2 * x;
                var sum = picture.Gray[at] + picture.Gray[at + 1] + picture.Gray[at + picture.Size.Width] + picture.Gray[at + picture.Size.Width + 1];
                target.Row(y)[x] = (byte)((sum + 2) / 4);
            }
        }
    }

    private static AffineMotion ToMotion(JsonElement m) =>
        new(m[0][0].GetDouble(), m[0][1].GetDouble(), m[0][2].GetDouble(), m[1][0].GetDouble(), m[1][1].GetDouble(), m[1][2].GetDouble());

    private static double CornerError(AffineMotion a, AffineMotion b, FrameSize size)
    {
        var worst = 0.0;
        foreach (var (x, y) in new[] { (0, 0), (size.Width, 0), (0, size.Height), (size.Width, size.Height) })
        {
            var dx = (a.A - b.A) * x + (a.B - b.B) * y + a.Tx - b.Tx;
            var dy = (a.C - b.C) * x + (a.D - b.D) * y + a.Ty - b.Ty;
            worst = Math.Max(worst, Math.Sqrt(dx * dx + dy * dy));
        }

        return worst;
    }
}
