using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>
/// What networks give that overflow, are exported without their last step, or are fed unusual pictures: nothing invalid reaches a table.
/// Frames of 200x100 in an input of 100x100, 25 rows of padding above and below, unless a test says otherwise.
/// </summary>
public sealed class BrokenOutputsTests
{
    private static readonly LetterboxTransform s_letterbox = LetterboxTransform.Square(new(200, 100), new(100, 100));
    private static readonly float[] s_ones = [.. Enumerable.Repeat(1f, 25 * 25)];

    /// <summary>
    /// MMDeploy's SOLOv2 gives zeros for every box, or the whole input; boxes of other networks may be inverted, or beside the picture.
    /// </summary>
    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 0, 100, 100)]
    [InlineData(60, 50, 40, 55)]
    [InlineData(0, 2, 50, 20)] // all in the padding
    public void A_box_that_says_nothing_of_its_mask_is_the_masks_own(float x1, float y1, float x2, float y2)
    {
        var map = new float[50 * 50];
        for (var row = 20; row < 30; row++)
        {
            Array.Fill(map, 1f, (row * 50) + 10, 20); // 20..60 x 40..60 of the input, 40..120 x 30..70 of the frame
        }

        var item = Assert.Single(
            Decode(
                "mmdeploy",
                s_letterbox,
                ("dets", [x1, y1, x2, y2, 0.5f], [1, 1, 5]),
                ("labels", [0], [1, 1]),
                ("masks", map, [1, 1, 50, 50])
            )
        );
        Assert.Equal(new Box(40, 30, 120, 70), item.Mask.Bounds);
        Assert.Equal(item.Mask.Bounds, item.Box);
    }

    [Fact]
    public void A_query_with_an_inverted_box_has_that_of_its_mask()
    {
        var item = Assert.Single(
            Decode(
                "query",
                s_letterbox,
                ("dets", [0.5f, 0.5f, -0.2f, 0.1f], [1, 1, 4]),
                ("labels", [3, -9], [1, 1, 2]),
                ("masks", [.. Enumerable.Repeat(1f, 400)], [1, 1, 20, 20])
            )
        );
        Assert.Equal(new Box(0, 0, 200, 100), item.Box);
    }

    [Fact]
    public void Small_masks_lie_over_their_boxes_in_a_wide_input_too()
    {
        // 28x28 maps cannot lie over an input of 640x96, though 28 is more than an eighth of 96.
        var letterbox = LetterboxTransform.Square(new(640, 96), new(640, 96));
        var item = Assert.Single(
            Decode(
                "mmdeploy",
                letterbox,
                ("dets", [100, 20, 200, 80, 0.5f], [1, 1, 5]),
                ("labels", [0], [1, 1]),
                ("masks", [.. Enumerable.Repeat(1f, 28 * 28)], [1, 1, 28, 28])
            )
        );
        Assert.Equal(new Box(100, 20, 200, 80), item.Mask.Bounds);
    }

    [Fact]
    public void Masks_of_detectron2_lie_over_their_boxes_even_where_they_have_the_inputs_size()
    {
        // PointRend's 224x224, for a frame that is fed at that very size; here 100x100.
        var item = Assert.Single(
            Decode(
                "detectron2",
                s_letterbox,
                ("pred_boxes", [20, 30, 60, 70], [1, 4]),
                ("pred_classes", [0], [1]),
                ("pred_masks", [.. Enumerable.Repeat(1f, 10_000)], [1, 1, 100, 100]),
                ("scores", [0.9f], [1])
            )
        );
        Assert.Equal(new Box(40, 10, 120, 90), item.Mask.Bounds);
    }

    [Fact]
    public void A_class_that_is_no_number_is_nobody()
    {
        float[] row = [20, 30, 60, 70, 0.9f, float.NaN, 1];
        Assert.Empty(Decode("end-to-end", s_letterbox, ("", row, [1, 1, 7]), ("", s_ones, [1, 1, 25, 25])));
        Assert.Empty(Boxes([20, 30, 60, 70, 0.9f, float.NaN]));
        Assert.Empty(
            Decode(
                "mmdeploy",
                s_letterbox,
                ("dets", [20, 30, 60, 70, 0.5f], [1, 1, 5]),
                ("labels", [float.NaN], [1, 1]),
                ("masks", [.. Enumerable.Repeat(1f, 2500)], [1, 1, 50, 50])
            )
        );
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Boxes_that_are_not_finite_are_nobody(float corner)
    {
        Assert.Empty(Boxes([20, 30, corner, 70, 0.9f, 0]));
        Assert.Single(Boxes([20, 30, 60, 70, 0.9f, 0]));
    }

    [Fact]
    public void Scores_beyond_1_are_told()
    {
        // Exports that end before the last sigmoid give log-odds.
        AssertTold(() => Boxes([20, 30, 60, 70, 3.2f, 0]));
        AssertTold(() => Decode("end-to-end", s_letterbox, ("", [20, 30, 60, 70, 3.2f, 0, 1], [1, 1, 7]), ("", s_ones, [1, 1, 25, 25])));
        AssertTold(() =>
            Decode(
                "mmdeploy",
                s_letterbox,
                ("dets", [20, 30, 60, 70, 3.2f], [1, 1, 5]),
                ("labels", [0], [1, 1]),
                ("masks", [.. Enumerable.Repeat(1f, 2500)], [1, 1, 50, 50])
            )
        );
        AssertTold(() => Decode("anchor-free", s_letterbox, ("", Anchor(3.2f), [1, 6, 8]), ("", s_ones, [1, 1, 25, 25])));

        static void AssertTold(Action decode) =>
            Assert.StartsWith(
                "expected scores of 0 to 1, got 3.2",
                Assert.Throws<HeadLayoutException>(decode).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void The_best_rows_are_kept_where_rows_come_in_no_order()
    {
        float[] rows = [20, 30, 60, 70, 0.5f, 0, 20, 30, 60, 70, 0.9f, 1];
        var found = Boxes(rows, new DetectionOptions { MaxDet = 1 });
        Assert.Equal(0.9f, Assert.Single(found).Score);
    }

    [Fact]
    public void A_negative_class_is_told_where_names_are_missing()
    {
        var error = Assert.Throws<HeadLayoutException>(() =>
            Decode("end-to-end", s_letterbox, ("", [20, 30, 60, 70, 0.9f, -3, 1], [1, 1, 7]), ("", s_ones, [1, 1, 25, 25]))
        );
        Assert.StartsWith("expected a class of 0 or more, got class -3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Offsets_and_prototypes_of_another_size_are_told()
    {
        (string, float[], int[])[] yolact =
        [
            ("loc", [0, 0, 0, 0], [1, 1, 4]),
            ("conf", [0.1f, 0.9f], [1, 1, 2]),
            ("mask", [1, 1], [1, 1, 2]),
            ("priors", [0.5f, 0.5f, 0.2f, 0.2f], [1, 4]),
            ("proto", new float[200], [1, 10, 10, 2]),
        ];
        AssertChanged("yolact", yolact, 0, [], [1, 0, 4]);
        AssertChanged("yolact", yolact, 2, [], [1, 0, 2]);
        AssertChanged("anchor-free", [("", Anchor(0.9f), [1, 6, 8]), ("", s_ones, [1, 1, 25, 25])], 1, [], [1, 1, 0, 0]);

        static void AssertChanged(
            string layout,
            (string Name, float[] Values, int[] Shape)[] outputs,
            int which,
            float[] values,
            int[] shape
        )
        {
            var head = Head(layout, outputs);
            outputs[which] = (outputs[which].Name, values, shape);
            using var found = new DetectionList();
            var error = Assert.Throws<HeadLayoutException>(() =>
                head.Decode([.. outputs.Select(output => new OutputTensor(output.Values, output.Shape))], 0, s_letterbox, found)
            );
            Assert.EndsWith("the model's outputs changed", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_channel_of_a_semantic_network_that_is_not_a_number_wins_nowhere()
    {
        float[] scores = [.. Enumerable.Repeat(float.NaN, 600), .. Enumerable.Repeat(1f, 600), .. Enumerable.Repeat(0f, 600)];
        using var found = new DetectionList();
        var head = new ClassMaps(new ClassMapLayout(0, 3, 0, null, 3, ""), new DetectionOptions { MinRegion = 0 });
        head.Decode([new OutputTensor(scores, [1, 3, 20, 30])], 0, LetterboxTransform.Stretch(new(60, 40), new(30, 20)), found);
        Assert.Equal(1, Assert.Single(found.Regions).ClassId);
    }

    [Fact]
    public void A_logit_that_is_no_number_is_not_the_best()
    {
        var item = Assert.Single(
            Decode(
                "query",
                s_letterbox,
                ("dets", [0.5f, 0.5f, 0.2f, 0.2f], [1, 1, 4]),
                ("labels", [float.NaN, 3, -9], [1, 1, 3]),
                ("masks", [.. Enumerable.Repeat(1f, 400)], [1, 1, 20, 20])
            )
        );
        Assert.Equal(1, item.ClassId);
    }

    /// <summary>The others of the batch are empty, the last one may be padding: the second one must be found as if it were alone.</summary>
    [Theory]
    [InlineData("anchor-free")]
    [InlineData("end-to-end")]
    [InlineData("yolov5")]
    [InlineData("mmdeploy")]
    [InlineData("query")]
    [InlineData("mask-queries")]
    [InlineData("semantic")]
    public void Each_picture_of_a_batch_is_its_own(string layout)
    {
        float[] ones = [.. Enumerable.Repeat(1f, 400)];
        (string Name, float[] Values, int[] Shape)[] picture = layout switch
        {
            "anchor-free" => [("", Anchor(0.9f), [6, 8]), ("", s_ones, [1, 25, 25])],
            "end-to-end" => [("", [20, 30, 60, 70, 0.9f, 0, 1], [1, 7]), ("", s_ones, [1, 25, 25])],
            "yolov5" => [("", [50, 50, 20, 20, 0.9f, 0.1f, 0.8f, 1, .. new float[72]], [10, 8]), ("", s_ones, [1, 25, 25])],
            "mmdeploy" => [("dets", [20, 30, 60, 70, 0.9f], [1, 5]), ("labels", [2], [1]), ("masks", ones, [1, 20, 20])],
            "query" => [("dets", [0.5f, 0.5f, 0.2f, 0.2f], [1, 4]), ("labels", [3, -9], [1, 2]), ("masks", ones, [1, 20, 20])],
            "mask-queries" => [("", [3, -3], [1, 2]), ("", ones, [1, 20, 20])],
            _ => [("", [.. new float[400], .. ones], [2, 20, 20])],
        };
        var alone = Assert.Single(Picture(1, 0));
        var second = Assert.Single(Picture(3, 1));
        Assert.Equal((alone.Box, alone.Score, alone.ClassId), (second.Box, second.Score, second.ClassId));
        Assert.Equal(alone.Mask.Counts.ToArray(), second.Mask.Counts.ToArray());
        Assert.True(alone.Mask.Area > 0);

        List<DetectedObject> Picture(int pictures, int index) =>
            Decode(
                layout,
                s_letterbox,
                [
                    .. picture.Select(output =>
                        (
                            output.Name,
                            (float[])
                                [
                                    .. new float[index * output.Values.Length],
                                    .. output.Values,
                                    .. new float[(pictures - index - 1) * output.Values.Length],
                                ],
                            (int[])[pictures, .. output.Shape]
                        )
                    ),
                ],
                index
            );
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5000, 1)]
    [InlineData(1, 5000)]
    public void Frames_of_one_pixel_or_one_row_have_masks(int width, int height)
    {
        var frame = new FrameSize(width, height);
        foreach (
            var letterbox in new[] { LetterboxTransform.Square(frame, new(100, 100)), LetterboxTransform.Stretch(frame, new(100, 100)) }
        )
        {
            foreach (var mode in Enum.GetValues<MaskMode>())
            {
                var options = new DetectionOptions { Masks = mode };
                var (layout, row) = Recognised("anchor-free", ("", [], [1, 6, 8]), ("", [], [1, 1, 13, 27])); // prototypes of an odd size
                using var found = new DetectionList();
                row.Head(layout, options)
                    .Decode(
                        [new OutputTensor(Anchor(0.9f), [1, 6, 8]), new OutputTensor(Ones(13 * 27), [1, 1, 13, 27])],
                        0,
                        letterbox,
                        found
                    );
                var item = Assert.Single(found.Items);
                item.Mask.Validate();
                Assert.Equal(((long)width * height, new Box(0, 0, width, height)), (item.Mask.Area, item.Mask.Bounds));
            }
        }

        static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];
    }

    /// <summary>Eight anchors of a box, a class and a coefficient, value by value; the first one's box is the whole input.</summary>
    private static float[] Anchor(float score)
    {
        var values = new float[6 * 8];
        foreach (var (i, value) in new[] { 50f, 50, 100, 100, score, 1 }.Index())
        {
            values[8 * i] = value;
        }

        return values;
    }

    private static List<DetectedObject> Boxes(float[] rows, DetectionOptions? options = null)
    {
        using var found = new DetectionList();
        new BoxesOnly(new BoxLayout(true, null, false, ""), options ?? new DetectionOptions()).Decode(
            [new OutputTensor(rows, [1, rows.Length / 6, 6])],
            0,
            s_letterbox,
            found
        );
        return [.. found.Items];
    }

    private static List<DetectedObject> Decode(
        string layout,
        LetterboxTransform letterbox,
        params (string Name, float[] Values, int[] Shape)[] outputs
    ) => Decode(layout, letterbox, outputs, 0);

    private static List<DetectedObject> Decode(
        string layout,
        LetterboxTransform letterbox,
        (string Name, float[] Values, int[] Shape)[] outputs,
        int index
    )
    {
        using var found = new DetectionList();
        Head(layout, outputs).Decode([.. outputs.Select(output => new OutputTensor(output.Values, output.Shape))], index, letterbox, found);
        return [.. found.Items.Select(item => item with { Mask = item.Mask.Copy() })];
    }

    private static IDetectionHead Head(string layout, params (string Name, float[] Values, int[] Shape)[] outputs)
    {
        var (found, row) = Recognised(layout, outputs);
        return row.Head(found, new DetectionOptions());
    }

    private static (HeadLayout Layout, LayoutRow Row) Recognised(string name, params (string Name, float[] Values, int[] Shape)[] outputs)
    {
        var signature = Signatures.Of(null, null, [.. outputs.Select(output => (output.Name, output.Shape))]);
        var (row, layout) = ModelLayouts.Recognise(signature with { Stated = name });
        return (layout, row);
    }
}
