using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>Detectors without masks: what is recognised, and only where something else makes the masks.</summary>
public class BoxesOnlyTests
{
    private static readonly LetterboxTransform Plain = LetterboxTransform.Square(new FrameSize(100, 50), new FrameSize(100, 100));

    [Theory]
    [InlineData(new[] { 1, 6, 8400 }, 2, null, false, false, 2)]
    [InlineData(new[] { 1, 8400, 6 }, 2, null, false, true, 2)]
    [InlineData(new[] { -1, 84, -1 }, 80, null, false, false, 80)]
    [InlineData(new[] { 1, 84, 8400 }, null, null, false, false, 80)]
    [InlineData(new[] { 1, 300, 6 }, 80, null, true, false, 80)]
    [InlineData(new[] { 1, 300, 6 }, null, null, true, false, null)]
    [InlineData(new[] { 1, 300, 6 }, 2, false, false, true, 2)]
    [InlineData(new[] { 1, 2000, 6 }, 80, true, true, false, 80)]
    public void Rows_and_anchors_are_told_apart(int[] shape, int? names, bool? endToEnd, bool isFinal, bool transposed, int? classes)
    {
        var layout = Assert.IsType<BoxLayout>(BoxLayout.Match(Signature(shape, names, endToEnd)).Layout);
        Assert.Equal((isFinal, transposed, classes), (layout.IsFinal, layout.Transposed, layout.Classes));
    }

    /// <summary>Exports with suppression in the graph say that the network itself is not end-to-end.</summary>
    [Fact]
    public void Rows_behind_suppression_in_the_graph_are_final() =>
        Assert.True(Assert.IsType<BoxLayout>(BoxLayout.Match(Signature([1, 300, 6], 80, false) with { HasNms = true }).Layout).IsFinal);

    [Theory]
    [InlineData(new[] { 1, 56, 8400 }, 1)] // a pose model
    [InlineData(new[] { 1, 4, 8400 }, null)]
    [InlineData(new[] { 1, 1000 }, null)]
    public void Others_are_not(int[] shape, int? names) => Assert.Null(BoxLayout.Match(Signature(shape, names, null)).Layout);

    [Fact]
    public void Nothing_is_recognised_where_no_masks_are_made() =>
        Assert.Null(BoxLayout.Match(Signature([1, 84, 8400], 80, null) with { BoxesSuffice = false }).Layout);

    [Fact]
    public void Final_rows_become_objects_with_empty_masks_best_first()
    {
        float[] rows =
        [
            .. new float[] { 10, 30, 20, 45, 0.5f, 1 },
            .. new float[] { 30, 30, 60, 60, 0.9f, 0 },
            .. new float[] { 30, 30, 60, 60, 0.2f, 0 }, // too weak
            .. new float[] { 30, 1, 60, 20, 0.8f, 0 }, // all in the padding
            .. new float[] { 0, 0, 0, 0, 0, 0 },
        ];
        using var found = new DetectionList();
        var head = new BoxesOnly(new BoxLayout(true, 2, false, ""), new DetectionOptions());
        head.Decode([new OutputTensor(rows, [1, 5, 6])], 0, Plain, found);

        Assert.Equal(
            [(new Box(30, 5, 60, 35), 0.9f, 0), (new Box(10, 5, 20, 20), 0.5f, 1)],
            found.Items.Select(item => (item.Box, item.Score, item.ClassId))
        );
        Assert.All(found.Items, item => Assert.Equal((0L, Plain.Source), (item.Mask.Area, item.Mask.Size)));
        Assert.All(found.Items, item => item.Mask.Validate());

        new BoxesOnly(new BoxLayout(true, 2, false, ""), new DetectionOptions { Classes = [1] }).Decode(
            [new OutputTensor(rows, [1, 5, 6])],
            0,
            Plain,
            found
        );
        Assert.Equal([1], found.Items.Select(item => item.ClassId));
        Assert.Throws<HeadLayoutException>(() =>
            new BoxesOnly(new BoxLayout(true, 1, false, ""), new DetectionOptions()).Decode(
                [new OutputTensor(rows, [1, 5, 6])],
                0,
                Plain,
                found
            )
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Anchors_are_suppressed_class_by_class(bool transposed)
    {
        // Four anchors of cx, cy, w, h and two scores: the second lies on the first, the third too but is of another class.
        float[][] anchors =
        [
            [50, 50, 20, 20, 0.9f, 0],
            [51, 50, 20, 20, 0.8f, 0],
            [50, 50, 20, 20, 0, 0.7f],
            [10, 30, 8, 8, 0.1f, 0.1f],
        ];
        float[] values = transposed
            ? [.. anchors.SelectMany(anchor => anchor)]
            : [.. Enumerable.Range(0, 6).SelectMany(value => anchors.Select(anchor => anchor[value]))];
        using var found = new DetectionList();
        new BoxesOnly(new BoxLayout(false, 2, transposed, ""), new DetectionOptions()).Decode(
            [new OutputTensor(values, transposed ? [1, 4, 6] : [1, 6, 4])],
            0,
            Plain,
            found
        );
        Assert.Equal(
            [(new Box(40, 15, 60, 35), 0.9f, 0), (new Box(40, 15, 60, 35), 0.7f, 1)],
            found.Items.Select(item => (item.Box, item.Score, item.ClassId))
        );
    }

    private static ModelSignature Signature(int[] shape, int? names, bool? endToEnd) =>
        new()
        {
            Outputs = [new ModelTensor("output0", "float32", shape, [.. shape.Select(_ => "")])],
            ClassCount = names,
            EndToEnd = endToEnd,
            BoxesSuffice = true,
        };
}
