using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>The whole head on a batch of two made-up pictures: 3 classes, 1 prototype of ones, 40 anchors.</summary>
public sealed class AnchorFreePrototypesTests
{
    private const int Values = 8;
    private const int Anchors = 40;
    private static readonly FrameSize Input = new(64, 64);
    private static readonly LetterboxTransform Letterbox = LetterboxTransform.Square(new FrameSize(128, 128), Input);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_picture_of_a_batch_has_its_own_objects(bool transposed)
    {
        var (head, outputs) = Batch(transposed, new DetectionOptions());
        using var detections = new DetectionList();
        head.Decode(outputs, 0, Letterbox, detections);
        Assert.Equal([(1, 0.8f), (0, 0.6f)], detections.Items.Select(item => (item.ClassId, item.Score)));
        Assert.Equal(new Box(20, 20, 40, 60), detections.Items[0].Box);
        Assert.Equal(20 * 40, detections.Items[0].Mask.Area);

        head.Decode(outputs, 1, Letterbox, detections);
        Assert.Equal([(0, 0.9f)], detections.Items.Select(item => (item.ClassId, item.Score)));
        Assert.Equal(new Box(80, 80, 100, 100), detections.Items[0].Box);
    }

    [Fact]
    public void The_class_filter_drops_objects_whose_best_class_is_another()
    {
        var (head, outputs) = Batch(transposed: false, new DetectionOptions { Classes = [0] });
        using var detections = new DetectionList();
        head.Decode(outputs, 0, Letterbox, detections);
        Assert.Equal(0.6f, Assert.Single(detections.Items).Score);
    }

    [Fact]
    public void Decoding_allocates_nothing_once_it_has_seen_a_frame()
    {
        var (head, outputs) = Batch(transposed: false, new DetectionOptions());
        using var detections = new DetectionList();
        for (var i = 0; i < 50; i++)
        {
            head.Decode(outputs, 0, Letterbox, detections);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        head.Decode(outputs, 0, Letterbox, detections);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2, detections.Items.Count);
    }

    [Fact]
    public void Outputs_of_another_shape_than_announced_are_an_error()
    {
        var (head, outputs) = Batch(transposed: false, new DetectionOptions());
        outputs[0] = outputs[0] with { Shape = [2, Values + 1, Anchors] };
        using var detections = new DetectionList();
        var error = Assert.Throws<HeadLayoutException>(() => head.Decode(outputs, 0, Letterbox, detections));
        Assert.StartsWith("expected 8 values per anchor, got predictions [2, 9, 40]", error.Message, StringComparison.Ordinal);
    }

    private static (IDetectionHead Head, OutputTensor[] Outputs) Batch(bool transposed, DetectionOptions options)
    {
        var values = new float[2 * Values * Anchors];
        int[] shape = transposed ? [2, Anchors, Values] : [2, Values, Anchors];
        Put(0, 3, 15, 20, 10, 20, 0.7f, 0.8f, 0, 1);
        Put(0, 33, 15, 20, 10, 20, 0.1f, 0.75f, 0, 1); // the same place and class: suppressed
        Put(0, 39, 15, 20, 10, 20, 0.6f, 0.1f, 0, 1); // another class
        Put(0, 5, 40, 40, 10, 10, 0.9f, 0.1f, 0, -1); // a logit below 0 everywhere: no mask
        Put(1, 0, 45, 45, 10, 10, 0.9f, 0.1f, 0, 1);
        float[] ones = [.. Enumerable.Repeat(1f, 2 * 16 * 16)];
        var head = DetectionHeads.Choose(
            [
                [-1, .. shape[1..]],
                [-1, 1, 16, 16],
            ],
            false,
            3,
            options,
            out var layout
        );
        Assert.Equal(transposed, Assert.IsType<PrototypeLayout>(layout).Transposed);
        return (head, [new OutputTensor(values, shape), new OutputTensor(ones, [2, 1, 16, 16])]);

        void Put(int picture, int anchor, params float[] column)
        {
            for (var i = 0; i < Values; i++)
            {
                var at = transposed ? (anchor * Values) + i : (i * Anchors) + anchor;
                values[(picture * Values * Anchors) + at] = column[i];
            }
        }
    }
}
