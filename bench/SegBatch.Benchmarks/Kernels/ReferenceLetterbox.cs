using BenchmarkDotNet.Attributes;
using SegBatch.Benchmarks.Baselines;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Letterboxing;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>A 1080p RGB frame into 3x384x640 values, byte for byte as OpenCV resizes.</summary>
[MemoryDiagnoser]
public class ReferenceLetterbox
{
    private readonly SyntheticFrame _frame = new();
    private readonly Letterboxer _letterboxer = new(SyntheticFrame.Letterbox, reference: true);
    private readonly float[] _tensor = new float[3 * SyntheticFrame.Letterbox.Input.Area];

    [Benchmark(Baseline = true)]
    public void Pixelwise() => PixelwiseLetterbox.Fill(_frame.Rgb, SyntheticFrame.Letterbox, _tensor);

    [Benchmark]
    public void FixedPoint() => _letterboxer.Fill(_frame.Rgb, _tensor);

    internal static IEnumerable<Comparison> Compare()
    {
        var kernel = new ReferenceLetterbox();
        kernel.Pixelwise();
        float[] expected = [.. kernel._tensor];
        Array.Fill(kernel._tensor, float.NaN);
        kernel.FixedPoint();
        yield return Comparison.Of("reference letterbox, 1920x1080 to 640x384", kernel._tensor, expected, 0);
    }
}
