using BenchmarkDotNet.Attributes;
using SegBatch.Benchmarks.Baselines;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Letterboxing;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>A 1080p YUV frame into 3x384x640 values: resized, converted and padded.</summary>
[MemoryDiagnoser]
public class FusedLetterbox
{
    private readonly SyntheticFrame _frame = new();
    private readonly Letterboxer _letterboxer = new(SyntheticFrame.Letterbox, reference: false);
    private readonly float[] _tensor = new float[3 * SyntheticFrame.Letterbox.Input.Area];

    [Benchmark(Baseline = true)]
    public void Pixelwise() => PixelwiseLetterbox.Fill(_frame.Yuv, SyntheticFrame.Letterbox, _tensor);

    [Benchmark]
    public void Fused() => _letterboxer.Fill(_frame.Yuv, _tensor);

    internal static IEnumerable<Comparison> Compare()
    {
        var kernel = new FusedLetterbox();
        kernel.Pixelwise();
        float[] expected = [.. kernel._tensor];
        Array.Fill(kernel._tensor, float.NaN);
        kernel.Fused();
        yield return Comparison.Of("fused letterbox, 1920x1080 to 640x384", kernel._tensor, expected, 0);
    }
}
