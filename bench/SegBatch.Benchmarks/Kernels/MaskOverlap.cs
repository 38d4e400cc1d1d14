using BenchmarkDotNet.Attributes;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>IoU of two overlapping masks of 300x500 pixels in a 1080p frame; the baseline counts over ready bitmaps.</summary>
[MemoryDiagnoser]
public class MaskOverlap
{
    private readonly RleMask _a = Blobs.At(new Box(700, 100, 1000, 600), 1, 0).Mask;
    private readonly RleMask _b = Blobs.At(new Box(760, 180, 1060, 680), 1, 0).Mask;
    private readonly byte[] _bitmapA = new byte[SyntheticFrame.Size.Area];
    private readonly byte[] _bitmapB = new byte[SyntheticFrame.Size.Area];

    public MaskOverlap()
    {
        _a.ToBitmap(_bitmapA);
        _b.ToBitmap(_bitmapB);
    }

    [Benchmark(Baseline = true)]
    public double Bitmaps()
    {
        var (both, either) = (0, 0);
        for (var i = 0; i < _bitmapA.Length; i++)
        {
            both += _bitmapA[i] & _bitmapB[i];
            either += _bitmapA[i] | _bitmapB[i];
        }

        return (double)both / either;
    }

    [Benchmark]
    public double Runs() => MaskIoU.IoU(_a, _b);

    internal static IEnumerable<Comparison> Compare()
    {
        var kernel = new MaskOverlap();
        yield return Comparison.Of<double>($"mask IoU {kernel.Runs():f3}", [kernel.Runs()], [kernel.Bitmaps()]);
    }
}
