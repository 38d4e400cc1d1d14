using BenchmarkDotNet.Attributes;
using SegBatch.Benchmarks.Baselines;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>Raw outputs [1, 116, 8400] and [1, 32, 160, 160] to objects with masks at the frame's size.</summary>
[MemoryDiagnoser]
public class HeadDecode
{
    private readonly DetectionOptions _options = new();
    private readonly DetectionList _detections = new();
    private HeadOutputs _outputs = HeadOutputs.Load(HeadOutputs.Synthetic);
    private IDetectionHead? _head;

    public static IEnumerable<string> Sources => HeadOutputs.Sources;

    [ParamsSource(nameof(Sources))]
    public string Source { get; set; } = HeadOutputs.Synthetic;

    [GlobalSetup]
    public void Setup()
    {
        _outputs = HeadOutputs.Load(Source);
        var shapes = _outputs.Tensors.Select(tensor => tensor.Shape).ToArray();
        _head = DetectionHeads.Choose(shapes, null, HeadOutputs.Classes, _options, out _);
    }

    [Benchmark(Baseline = true)]
    public int Plain() => Expected().Count;

    [Benchmark]
    public int Decode()
    {
        _head!.Decode(_outputs.Tensors, 0, _outputs.Letterbox, _detections);
        return _detections.Items.Count;
    }

    internal static IEnumerable<Comparison> Compare()
    {
        foreach (var source in Sources)
        {
            var kernel = new HeadDecode { Source = source };
            kernel.Setup();
            yield return new($"objects with masks, {source}: {kernel.Decode()}", kernel.Difference());
        }
    }

    private List<(int ClassId, RleMask Mask)> Expected()
    {
        var values = _outputs.Tensors[0].Of(0);
        var prototypes = _outputs.Tensors[1];
        var size = new FrameSize(prototypes.Shape[3], prototypes.Shape[2]);
        var objects = new List<(int, RleMask)>();
        foreach (var kept in PlainHead.Decode(values, HeadOutputs.Anchors, HeadOutputs.Classes, _options.Conf, _options.Iou))
        {
            var coefficients = new float[HeadOutputs.Coefficients];
            for (var i = 0; i < coefficients.Length; i++)
            {
                coefficients[i] = values[(4 + HeadOutputs.Classes + i) * HeadOutputs.Anchors + kept.Anchor];
            }

            var map = PixelwiseMask.Product(coefficients, prototypes.Of(0), size);
            var counts = PixelwiseMask.Runs(map, size, _outputs.Letterbox, _outputs.Letterbox.ToFrame(kept.BoxInTensor));
            if (counts.Count > 1)
            {
                objects.Add((kept.ClassId, new RleMask(_outputs.Letterbox.Source, counts.ToArray())));
            }
        }

        return objects;
    }

    /// <summary>Pixels by rounding are the mask kernel's to judge; here a few in a mask are let pass.</summary>
    private string? Difference()
    {
        var expected = Expected();
        if (!expected.Select(item => item.ClassId).SequenceEqual(_detections.Items.Select(item => item.ClassId)))
        {
            return $"{_detections.Items.Count} objects, the baseline has {expected.Count}, or other classes";
        }

        for (var i = 0; i < expected.Count; i++)
        {
            var (found, area) = (_detections.Items[i].Mask, expected[i].Mask.Area);
            if (found.Area + area - 2 * MaskIoU.Intersection(found, expected[i].Mask) > 2 + area / 10_000)
            {
                return $"mask {i} has {found.Area} pixels, the baseline's {area}, at IoU {MaskIoU.IoU(found, expected[i].Mask):f5}";
            }
        }

        return expected.Count == 0 ? "there is no object: nothing was compared" : null;
    }
}
