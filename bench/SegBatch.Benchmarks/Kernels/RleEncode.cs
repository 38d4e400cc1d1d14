using System.Text;
using BenchmarkDotNet.Attributes;
using SegBatch.Benchmarks.Baselines;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>Run lengths of one mask of 300x500 pixels to COCO's text.</summary>
[MemoryDiagnoser]
public class RleEncode
{
    private readonly int[] _counts = Blobs.At(new Box(700, 100, 1000, 600), 1, 0).Mask.Counts.ToArray();
    private readonly byte[] _text = new byte[64 * 1024];

    [Benchmark(Baseline = true)]
    public string Plain() => PlainRle.Encode(_counts);

    [Benchmark]
    public int Encode() => CocoRle.Encode(_counts, _text);

    internal static IEnumerable<Comparison> Compare()
    {
        var kernel = new RleEncode();
        var found = kernel._text.AsSpan(0, kernel.Encode());
        return [Comparison.Of<byte>($"text of {kernel._counts.Length} run lengths", found, Encoding.ASCII.GetBytes(kernel.Plain()))];
    }
}
