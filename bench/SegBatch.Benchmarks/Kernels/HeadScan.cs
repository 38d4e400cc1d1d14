using BenchmarkDotNet.Attributes;
using SegBatch.Benchmarks.Baselines;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Detection;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>Scan of 80 class scores of 8,400 anchors and suppression of what passes, without masks.</summary>
[MemoryDiagnoser]
public class HeadScan
{
    private readonly DetectionOptions _options = new();
    private readonly Candidates _candidates = new();
    private readonly KeptBoxes _kept = new();
    private HeadOutputs _outputs = HeadOutputs.Load(HeadOutputs.Synthetic);

    public static IEnumerable<string> Sources => HeadOutputs.Sources;

    [ParamsSource(nameof(Sources))]
    public string Source { get; set; } = HeadOutputs.Synthetic;

    [GlobalSetup]
    public void Setup() => _outputs = HeadOutputs.Load(Source);

    [Benchmark(Baseline = true)]
    public int Plain() => Expected().Count;

    [Benchmark]
    public int Vectorised()
    {
        var values = _outputs.Tensors[0].Of(0);
        _candidates.Clear();
        CandidateScan.ByClass<Probability>(
            values[(4 * HeadOutputs.Anchors)..],
            HeadOutputs.Classes,
            HeadOutputs.Anchors,
            _options.Conf,
            null,
            _candidates
        );
        NonMaxSuppression.Run(_candidates, new AnchorRows(values, HeadOutputs.Anchors, 1), _options, _kept);
        return _kept.Count;
    }

    internal static IEnumerable<Comparison> Compare()
    {
        foreach (var source in Sources)
        {
            var kernel = new HeadScan { Source = source };
            kernel.Setup();
            kernel.Vectorised();
            PlainHead.Kept[] found =
            [
                .. Enumerable
                    .Range(0, kernel._kept.Count)
                    .Select(i =>
                    {
                        var (candidate, box) = kernel._kept[i];
                        var (anchor, classId, score) = kernel._candidates[candidate];
                        return new PlainHead.Kept(anchor, classId, score, box);
                    }),
            ];
            yield return Comparison.Of<PlainHead.Kept>(
                $"scan and suppression, {source}: {kernel._candidates.Count} candidates, {found.Length} kept",
                found,
                kernel.Expected().ToArray()
            );
        }
    }

    private List<PlainHead.Kept> Expected() =>
        PlainHead.Decode(_outputs.Tensors[0].Of(0), HeadOutputs.Anchors, HeadOutputs.Classes, _options.Conf, _options.Iou);
}
