using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using SegBatch.Masks;
using SegBatch.Pipeline;
using SegBatch.Tests;
using Xunit;

namespace SegBatch.IntegrationTests.Inference;

/// <summary>A trimmed network against the same network whole: what is found must be the same.</summary>
[Collection("native memory")]
public class HeadTrimmerTests(ITestOutputHelper output)
{
    private static readonly InferenceOptions s_trimmed = new() { Device = "cpu", TrimHead = true };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("models/yolov8n-seg.onnx", "vtest.avi", 16)]
    [InlineData("models/yolov8n-seg.onnx", "walking.mp4", 16)]
    [InlineData("models/yolov8n-seg-640.onnx", "vtest.avi", 16)]
    [InlineData("models/yolov8n-seg-int8.onnx", "vtest.avi", 16)]
    [InlineData("models/layouts/yolo11n-seg-random.onnx", "vtest.avi", 16)]
    [InlineData("models/layouts/fastsam-like-seg-random.onnx", "vtest.avi", 16)]
    [InlineData("models/layouts/yolo26n-seg-raw.onnx", "vtest.avi", 1)]
    public async Task A_trimmed_network_finds_the_same_objects_in_the_same_order(string file, string clip, int bins)
    {
        var path = SharedData.Path(file);
        using var whole = OnnxSegmentationModel.Open(path, options: s_trimmed with { TrimHead = false });
        using var trimmed = OnnxSegmentationModel.Open(path, options: s_trimmed);
        Assert.True(trimmed.Trimmed is not null, trimmed.NotTrimmed);
        Assert.Equal([8, 16, 32], trimmed.Trimmed.Levels.Select(level => level.Stride));
        Assert.Equal(bins, trimmed.Trimmed.Bins);

        // The low threshold is what a tracker asks for: many candidates of almost equal score.
        var options = new DetectionOptions { Conf = 0.1f };
        var expected = await Detect(whole, clip, frames: 8, options);
        var actual = await Detect(trimmed, clip, frames: 8, options);

        var (objects, equal, worstBox, worstScore, worstIoU) = (0, 0, 0f, 0f, 1.0);
        for (var frame = 0; frame < expected.Count; frame++)
        {
            Assert.Equal(expected[frame].Select(item => item.ClassId), actual[frame].Select(item => item.ClassId));
            foreach (var (one, other) in expected[frame].Zip(actual[frame]))
            {
                objects++;
                worstBox = Math.Max(worstBox, Math.Max(Math.Abs(one.Box.X1 - other.Box.X1), Math.Abs(one.Box.X2 - other.Box.X2)));
                worstBox = Math.Max(worstBox, Math.Max(Math.Abs(one.Box.Y1 - other.Box.Y1), Math.Abs(one.Box.Y2 - other.Box.Y2)));
                worstScore = Math.Max(worstScore, Math.Abs(one.Score - other.Score));
                equal += one.Mask.Counts.Span.SequenceEqual(other.Mask.Counts.Span) ? 1 : 0;
                if (!LiesOnPixelEdge(one.Box))
                {
                    worstIoU = Math.Min(worstIoU, MaskIoU.IoU(one.Mask, other.Mask));
                }
            }
        }

        output.WriteLine(
            $"{file} {clip}: {objects} objects, boxes within {worstBox:g3} px, scores within {worstScore:g3}, {equal} masks equal, worst IoU {worstIoU:f6}"
        );
        Assert.True(objects > 20, $"only {objects} objects");
        Assert.InRange(worstBox, 0, 1e-3f);
        Assert.InRange(worstScore, 0, 1e-6f);
        Assert.InRange(equal, Math.Ceiling(0.995 * objects), objects);
        Assert.InRange(worstIoU, 0.999, 1);
    }

    [Fact]
    public async Task Pictures_of_a_batch_are_told_apart()
    {
        var path = SharedData.Path("models/yolov8n-seg.onnx");
        using var single = OnnxSegmentationModel.Open(path, options: s_trimmed);
        using var batched = OnnxSegmentationModel.Open(path, options: s_trimmed with { Batch = 3 });
        var expected = await Detect(single, "vtest.avi", frames: 4, new());
        var actual = await Detect(batched, "vtest.avi", frames: 4, new());
        Assert.Equal(
            expected.Select(frame => frame.Select(item => (item.Box, item.Score, item.ClassId)).ToArray()),
            actual.Select(frame => frame.Select(item => (item.Box, item.Score, item.ClassId)).ToArray())
        );
    }

    /// <summary>Bound outputs are written in place; only sizes that are known beforehand can be bound.</summary>
    [Theory]
    [InlineData("models/yolov8n-seg.onnx")]
    [InlineData("models/yolov8n-seg-640.onnx")]
    public void The_sizes_of_trimmed_outputs_are_known_beforehand(string file)
    {
        using var model = OnnxSegmentationModel.Open(SharedData.Path(file), options: s_trimmed);
        var side = model.Card.IsDynamic ? 384 : 640;
        var outputs = model.OutputsFor(new(640, side));
        Assert.Equal(10, outputs.Count);
        Assert.Equal([1, 64, side / 8, 80], outputs[0].Shape);
        Assert.Equal([1, 80, side / 32, 20], outputs[5].Shape);
        Assert.Equal([1, 32, side / 4, 160], outputs[9].Shape);
    }

    [Theory]
    [InlineData("models/yolo26n-seg.onnx", "it gives final objects")]
    [InlineData("models/yolov8n-seg-half.onnx", "it does not compute in single precision")]
    [InlineData("models/yolov8n-seg-fp16.onnx", "its predictions are no Concat")]
    [InlineData("models/families/yolo-nms.onnx", "it gives final objects")]
    [InlineData("models/families/yolo-end2end.onnx", "it gives final objects")]
    [InlineData("models/families/yolov5-seg.onnx", "its predictions are no Concat")]
    [InlineData("models/families/semantic.onnx", "its outputs are not predictions and prototypes")]
    [InlineData("demo-model/shapes-seg.onnx", "its mask coefficients are computed from several values")]
    public void Other_heads_are_left_as_they_are_and_the_reason_is_told(string file, string reason)
    {
        using var model = OnnxSegmentationModel.Open(SharedData.Path(file), options: s_trimmed);
        Assert.Null(model.Trimmed);
        output.WriteLine($"{file}: {model.NotTrimmed}");
        Assert.StartsWith($"the head is not trimmed: {reason}", model.NotTrimmed, StringComparison.Ordinal);
    }

    /// <summary>Masks end at the last whole pixel inside the box: there, the last digit of a side decides over a row or column.</summary>
    private static bool LiesOnPixelEdge(Box box) =>
        new[] { box.X1, box.Y1, box.X2, box.Y2 }.Any(side => side > 0 && Math.Abs(side - MathF.Round(side)) < 5e-4f);

    private static async Task<List<List<DetectedObject>>> Detect(
        OnnxSegmentationModel model,
        string clip,
        int frames,
        DetectionOptions options
    )
    {
        var names = model.Card.Names.Count;
        var head = DetectionHeads.Choose([.. model.Card.Outputs.Select(tensor => tensor.Shape)], null, names, options, out var layout);
        if (model.Trimmed is { } trimmed)
        {
            head = DetectionHeads.Choose(trimmed, layout, options);
        }

        using var reader = FrameReader.Open(
            SharedData.Path($"videos/{clip}"),
            new DecodingOptions { Stride = 12, End = Moment.AtFrame(frames * 12) }
        );
        using var pool = new FramePool(16);
        using var batcher = new FrameBatcher(model.Card, model.BatchSize, new LetterboxOptions());
        using var detections = new DetectionList();
        var found = new List<List<DetectedObject>>();
        await foreach (var batch in batcher.Batch(reader.ReadAsync(pool, Stop), Stop))
        {
            using var predictions = await model.InferAsync(batcher.Fill(batch), Stop);
            for (var i = 0; i < predictions.Count; i++)
            {
                head.Decode(predictions.Outputs, i, predictions.Letterbox(i), detections);
                found.Add([.. detections.Items.Select(item => item with { Mask = item.Mask.Copy() })]);
            }
        }

        Assert.Equal(frames, found.Count);
        return found;
    }
}
