using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Gpu;
using Xunit;

namespace SegBatch.Tests.Gpu;

public sealed class ObjectSelectionTests
{
    // 64 x 64 frame, input and 16 x 16 prototypes: 4 pixels a cell, no padding.
    private static readonly LetterboxTransform s_letterbox = LetterboxTransform.Square(new(64, 64), new(64, 64));
    private static readonly FrameSize s_prototypes = new(16, 16);
    private static readonly PrototypeMasks s_masks = new(MaskMode.Exact);

    [Fact]
    public void Equal_scores_are_taken_by_anchor_whatever_order_the_device_gave()
    {
        float[] rows = [.. Row(10, 10, 0.5f, anchor: 9), .. Row(30, 30, 0.5f, anchor: 3), .. Row(50, 50, 0.7f, anchor: 20)];
        var selection = new ObjectSelection();
        selection.Add(0, rows, s_letterbox, new DetectionOptions(), s_masks, s_prototypes);
        Assert.Equal([50f, 30f, 10f], selection.Items.Select(item => item.Box.CenterX));
        Assert.Equal(1, selection.FullPictures); // all three rows passed: there may have been a fourth
    }

    [Fact]
    public void Rows_at_the_threshold_and_overlapping_ones_fall()
    {
        float[] rows = [.. Row(10, 10, 0.9f, 1), .. Row(10.5f, 10, 0.8f, 2), .. Row(40, 40, 0.25f, 3)];
        var selection = new ObjectSelection();
        selection.Add(0, rows, s_letterbox, new DetectionOptions(), s_masks, s_prototypes);
        var item = Assert.Single(selection.Items);
        Assert.Equal(0.9f, item.Score);
        Assert.Equal(0, selection.FullPictures);
    }

    [Fact]
    public void Cells_are_those_under_the_box_in_the_picture_of_the_object()
    {
        // Box 4..20: pixel 4 samples from cell (4 + 0.5) / 4 - 0.5 = 0.625 on, pixel 19 up to cell (19 + 0.5) / 4 - 0.5 = 4.375.
        float[] rows = [.. Row(12, 12, 0.9f, 1, size: 16), .. Row(0, 0, 0, 0)];
        var selection = new ObjectSelection();
        selection.Add(1, rows, s_letterbox, new DetectionOptions(), s_masks, s_prototypes);
        int[] expected = [.. Enumerable.Range(0, 6).SelectMany(row => Enumerable.Range(256 + (row * 16), 6))];
        Assert.Equal(expected, selection.Cells.ToArray());
        Assert.Equal([.. Enumerable.Repeat(2, 36)], selection.Objects.ToArray()); // picture 1 has rows 2 and 3
        Assert.Equal((0, 36), (selection.Items[0].FirstLogit, selection.Items[0].Logits));
    }

    [Fact]
    public void Logits_of_the_window_give_the_mask_that_prototypes_give()
    {
        var random = new Random(7);
        float[] prototypes = [.. Enumerable.Range(0, 16 * 16).Select(_ => (float)(random.NextDouble() - 0.5))];
        foreach (var mode in Enum.GetValues<MaskMode>())
        {
            var masks = new PrototypeMasks(mode);
            var letterbox = LetterboxTransform.Square(new(100, 67), new(64, 64)); // padding of 10.5 rows: the reference enlarges first
            var box = new Box(11.3f, 20.7f, 70.2f, 51.9f);
            Assert.True(masks.TryWindow(letterbox, s_prototypes, box, out var window));
            var logits = new float[window.Width * window.Height];
            for (var i = 0; i < logits.Length; i++)
            {
                logits[i] = prototypes[((window.Row + (i / window.Width)) * 16) + window.Column + (i % window.Width)];
            }

            using var expectedRuns = new SegBatch.Masks.RunBuffer();
            using var actualRuns = new SegBatch.Masks.RunBuffer();
            Assert.True(masks.TryAppend([1f], prototypes, s_prototypes, letterbox, box, expectedRuns, out var expected));
            Assert.True(masks.TryAppend(logits, s_prototypes, letterbox, box, actualRuns, out var actual));
            Assert.Equal(expected.Counts.ToArray(), actual.Counts.ToArray());
        }
    }

    private static float[] Row(float x, float y, float score, int anchor, float size = 8) => [x, y, size, size, score, 0, anchor];
}
