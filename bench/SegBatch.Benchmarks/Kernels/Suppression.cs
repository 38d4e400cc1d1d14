using BenchmarkDotNet.Attributes;
using SegBatch.Benchmarks.Baselines;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Detection;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>Non-maximum suppression alone, of candidates that <see cref="HeadScan"/> has found.</summary>
[MemoryDiagnoser]
public class Suppression
{
    private readonly DetectionOptions _options = new();
    private readonly Candidates _candidates = new();
    private readonly KeptBoxes _kept = new();
    private HeadOutputs _outputs = HeadOutputs.Load(HeadOutputs.Synthetic);
    private List<PlainHead.Kept> _plain = [];

    public static IEnumerable<string> Sources => HeadOutputs.Sources;

    [ParamsSource(nameof(Sources))]
    public string Source { get; set; } = HeadOutputs.Synthetic;

    [GlobalSetup]
    public void Setup()
    {
        _outputs = HeadOutputs.Load(Source);
        var values = _outputs.Tensors[0].Of(0);
        _candidates.Clear();
        var scores = values[(4 * HeadOutputs.Anchors)..];
        CandidateScan.ByClass<Probability>(scores, HeadOutputs.Classes, HeadOutputs.Anchors, _options.Conf, null, _candidates);
        _plain = PlainHead.Candidates(values, HeadOutputs.Anchors, HeadOutputs.Classes, _options.Conf);
    }

    [Benchmark(Baseline = true)]
    public int Plain() => PlainHead.Suppress(_plain, _options.Iou).Count;

    [Benchmark]
    public int Vectorised()
    {
        NonMaxSuppression.Run(_candidates, new AnchorRows(_outputs.Tensors[0].Of(0), HeadOutputs.Anchors, 1), _options, _kept);
        return _kept.Count;
    }

    internal static IEnumerable<Comparison> Compare()
    {
        foreach (var source in Sources)
        {
            var kernel = new Suppression { Source = source };
            kernel.Setup();
            kernel.Vectorised();
            int[] found = [.. Enumerable.Range(0, kernel._kept.Count).Select(i => kernel._candidates[kernel._kept[i].Candidate].Anchor)];
            int[] expected = [.. PlainHead.Suppress(kernel._plain, kernel._options.Iou).Select(kept => kept.Anchor)];
            yield return Comparison.Of<int>(
                $"suppression, {source}: {kernel._candidates.Count} candidates, {found.Length} kept",
                found,
                expected
            );
        }
    }
}
