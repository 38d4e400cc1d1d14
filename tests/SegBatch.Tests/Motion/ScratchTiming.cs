using SegBatch.Geometry;
using SegBatch.Motion;
using Xunit;
namespace SegBatch.Tests.Motion;
public sealed class ScratchTiming
{
    [Fact]
    public void Time()
    {
        var size = new FrameSize(1920, 1080);
        var pair = DrawnMotion.Draw(size, new AffineMotion(1, 0, 7.3, 0, 1, -4.1));
        var reduction = new GrayReduction(size, 640);
        var flow = new SparseFlow(reduction.Size, FlowSettings.Default);
        var views = new[] { pair.Before, pair.Now };
        double Run(int n, Action<int> a) { var best = double.MaxValue; for (var r = 0; r < 12; r++) { var t0 = System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime; for (var i = 0; i < n; i++) a(i); best = Math.Min(best, (System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime - t0).TotalMilliseconds / n); } return best; }
        void R(int i) => reduction.Reduce(new Decoding.YuvPicture(size, default, views[i & 1], size.Width, default, default, 0), flow.Next);
        Console.WriteLine($"reduce {Run(100, R):f3} ms");
        Console.WriteLine($"all {Run(100, i => { R(i); flow.Estimate(); }):f3} ms, followed {flow.Followed.Length}");
        var p = new GrayPyramid(reduction.Size, 3, 15);
        Console.WriteLine($"pyramid {Run(100, i => p.Build()):f3} ms");
        reduction.Reduce(new Decoding.YuvPicture(size, default, views[0], size.Width, default, default, 0), p[0]); p.Build();
        var d = new CornerDetector(p[1].Size, 0.01, 160, 12); var c = new List<System.Numerics.Vector2>();
        Console.WriteLine($"corners {Run(100, i => d.Find(p[1], c)):f3} ms");
        var q = new GrayPyramid(reduction.Size, 3, 15);
        reduction.Reduce(new Decoding.YuvPicture(size, default, views[1], size.Width, default, default, 0), q[0]); q.Build();
        var lk = new LucasKanade(15, 12, 0.03f);
        Console.WriteLine($"follow {Run(100, i => { foreach (var x in c) lk.Follow(p, q, x * 2, out _); }):f3} ms of {c.Count}");
    }
}
