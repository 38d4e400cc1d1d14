using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Motion;

namespace SegBatch.Tests.Motion;

/// <summary>Two grey pictures, one after the other.</summary>
internal sealed record MotionPair(FrameSize Size, byte[] Before, byte[] Now)
{
    /// <summary>The motion found as the default looks: at a smaller picture. Frame pixels, boxes' coordinates.</summary>
    public AffineMotion Default()
    {
        var reduction = new GrayReduction(Size, FlowSettings.LongestSide);
        var flow = new SparseFlow(reduction.Size, FlowSettings.Default);
        reduction.Reduce(View(Before), flow.Next);
        flow.Skip();
        reduction.Reduce(View(Now), flow.Next);
        return flow.Estimate() is { } motion ? reduction.InFrame(motion) : AffineMotion.Identity;
    }

    /// <summary>Largest distance between where two motions take a corner of the picture, pixels.</summary>
    public double Distance(AffineMotion a, AffineMotion b)
    {
        var worst = 0.0;
        foreach (var (x, y) in new[] { (0, 0), (Size.Width, 0), (0, Size.Height), (Size.Width, Size.Height) })
        {
            var (awayX, awayY) = ((a.A - b.A) * x + (a.B - b.B) * y + a.Tx - b.Tx, (a.C - b.C) * x + (a.D - b.D) * y + a.Ty - b.Ty);
            worst = Math.Max(worst, Math.Sqrt(awayX * awayX + awayY * awayY));
        }

        return worst;
    }

    private YuvPicture View(byte[] gray) => new(Size, default, gray, Size.Width, default, default, 0);
}
