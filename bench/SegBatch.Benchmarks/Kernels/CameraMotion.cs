using BenchmarkDotNet.Attributes;
using SegBatch.Benchmarks.Baselines;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Motion;
using SegBatch.Tests.Motion;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>Motion of the camera from one 1080p frame to the next: luma made smaller, corners found and followed, one motion for all.</summary>
[MemoryDiagnoser]
public class CameraMotion
{
    /// <summary>A pan with a little turn and zoom.</summary>
    private static readonly AffineMotion s_truth = new(1.002, -0.003, 9.5, 0.003, 1.002, -6.25);

    private readonly MotionPair _pair = DrawnMotion.Draw(SyntheticFrame.Size, s_truth);
    private readonly GrayReduction _reduction = new(SyntheticFrame.Size, FlowSettings.LongestSide);
    private readonly SparseFlow _flow;
    private bool _back;

    public CameraMotion()
    {
        _flow = new SparseFlow(_reduction.Size, FlowSettings.Default);
        _reduction.Reduce(View(_pair.Before), _flow.Next);
        _flow.Skip();
    }

    [Benchmark(Baseline = true)]
    public double Plain() => PlainFlow.Find(_pair.Before, _pair.Now, SyntheticFrame.Size).Tx;

    /// <summary>To and fro between the two pictures.</summary>
    [Benchmark]
    public double Sparse()
    {
        _reduction.Reduce(View(_back ? _pair.Before : _pair.Now), _flow.Next);
        _back = !_back;
        return _flow.Estimate()!.Value.Tx;
    }

    internal static IEnumerable<Comparison> Compare()
    {
        var kernel = new CameraMotion();
        kernel._reduction.Reduce(View(kernel._pair.Now), kernel._flow.Next);
        var found = kernel._reduction.InFrame(kernel._flow.Estimate()!.Value);
        yield return Comparison.Of(
            "camera motion, 1920x1080, in the picture's corners",
            Corners(found),
            Corners(PlainFlow.Find(kernel._pair.Before, kernel._pair.Now, SyntheticFrame.Size)),
            0.1
        );
        yield return Comparison.Of("camera motion, 1920x1080, against the truth", Corners(found), Corners(s_truth), 0.3);
    }

    private static float[] Corners(AffineMotion motion) =>
        [
            .. new[] { (0, 0), (1920, 0), (0, 1080), (1920, 1080) }.SelectMany(corner =>
                new[]
                {
                    (float)(motion.A * corner.Item1 + motion.B * corner.Item2 + motion.Tx),
                    (float)(motion.C * corner.Item1 + motion.D * corner.Item2 + motion.Ty),
                }
            ),
        ];

    private static YuvPicture View(byte[] luma) => new(SyntheticFrame.Size, default, luma, SyntheticFrame.Size.Width, default, default, 0);
}
