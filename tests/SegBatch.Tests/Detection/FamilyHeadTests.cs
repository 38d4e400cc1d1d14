using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>Each family's head on tensors written by hand: frames of 200x100 in an input of 100x100, 25 rows of padding above and below.</summary>
public sealed class FamilyHeadTests
{
    private static readonly FrameSize s_input = new(100, 100);
    private static readonly LetterboxTransform s_letterbox = LetterboxTransform.Square(new(200, 100), s_input);

    [Fact]
    public void Objectness_times_class_is_the_score()
    {
        // 5 + 2 classes + 1 coefficient. Rows 0 and 1 are the same object; row 2 passes by its class alone; row 3 by its objectness alone.
        float[] rows =
        [
            .. Row(50, 50, 20, 20, 0.9f, 0.1f, 0.8f, 1),
            .. Row(51, 50, 20, 20, 0.8f, 0.1f, 0.8f, 1),
            .. Row(20, 40, 10, 10, 0.2f, 0.9f, 0.1f, 1),
            .. Row(20, 60, 10, 10, 0.9f, 0.2f, 0.2f, 1),
            .. Row(80, 50, 10, 10, 0.9f, 0.9f, 0.1f, -1), // no mask
            .. new float[5 * 8],
        ];
        float[] ones = [.. Enumerable.Repeat(1f, 25 * 25)];
        var found = Decode("yolov5", 2, null, ("", rows, [1, 10, 8]), ("", ones, [1, 1, 25, 25]));
        var item = Assert.Single(found);
        Assert.Equal((1, 0.72f), (item.ClassId, item.Score), Near);
        Assert.Equal(new Box(80, 30, 120, 70), item.Box);
        Assert.Equal(40 * 40, item.Mask.Area);
    }

    [Fact]
    public void Priors_are_moved_by_variances_and_classes_follow_the_background()
    {
        // A prior at 0.5, 0.5 of 0.2 x 0.2: moved right by 0.1 * 5 * 0.2 = 0.1, and made e^(0.2 * 3.465) = 1.9997 times as high.
        float[] loc = [5, 0, 0, 3.465f, 0, 0, 0, 0];
        float[] conf = [0.1f, 0.2f, 0.7f, 0.9f, 0.05f, 0.05f];
        float[] masks = [1, 0, 1, 0];
        float[] priors = [0.5f, 0.5f, 0.2f, 0.2f, 0.2f, 0.2f, 0.1f, 0.1f];
        float[] prototypes = [.. Enumerable.Range(0, 10 * 10).SelectMany(cell => new[] { cell % 10 < 6 ? 1f : -1f, -9f })]; // channels last
        var item = Assert.Single(
            Decode(
                "yolact",
                2,
                null,
                ("loc", loc, [1, 2, 4]),
                ("conf", conf, [1, 2, 3]),
                ("mask", masks, [1, 2, 2]),
                ("priors", priors, [2, 4]),
                ("proto", prototypes, [1, 10, 10, 2])
            )
        );
        Assert.Equal((1, 0.7f), (item.ClassId, item.Score), Near);
        AssertBox(new Box(100, 10.006f, 140, 89.994f), item.Box); // 50..70 x 30.003..69.997 of the input
        Assert.Equal((11, 120, 90), (item.Mask.Bounds.Y1, item.Mask.Bounds.X2, item.Mask.Bounds.Y2)); // columns up to 60 of the input
    }

    [Theory]
    [InlineData(null, 1)] // torchvision counts from 1
    [InlineData(LabelNumbers.FromZero, 2)]
    public void Regions_are_pasted_over_their_boxes(LabelNumbers? labels, int expected)
    {
        var masks = new float[3 * 28 * 28];
        Array.Fill(masks, 1f, 0, 28 * 14); // the upper half
        var found = Decode(
            "mask-rcnn",
            classes: null,
            labels,
            ("boxes", [20, 30, 60, 70, 0, 0, 50, 50, 0, 0, 10, 10], [3, 4]),
            ("labels", [2, 0, 1], [3]),
            ("scores", [0.9f, 0.8f, 0.1f], [3]),
            ("masks", masks, [3, 1, 28, 28])
        );
        var item = Assert.Single(found); // the second is background (or has no mask), the third scores too little
        Assert.Equal((expected, 0.9f), (item.ClassId, item.Score));
        Assert.Equal(new Box(40, 10, 120, 90), item.Box);
        Assert.Equal(new Box(40, 10, 120, 50), item.Mask.Bounds);
    }

    [Fact]
    public void Masks_of_the_inputs_size_are_not_pasted()
    {
        var map = new float[100 * 100];
        Array.Fill(map, 1f, 40 * 100, 20 * 100); // rows 40 to 59 of the input, beyond the box
        var item = Assert.Single(
            Decode(
                "mask-rcnn",
                null,
                null,
                ("boxes", [20, 30, 60, 70], [1, 4]),
                ("labels", [1], [1]),
                ("scores", [0.9f], [1]),
                ("masks", map, [1, 1, 100, 100])
            )
        );
        Assert.Equal(new Box(0, 30, 200, 70), item.Mask.Bounds);
    }

    [Fact]
    public void Classes_of_detectron2_count_from_zero()
    {
        var item = Assert.Single(
            Decode(
                "detectron2",
                null,
                null,
                ("pred_boxes", [20, 30, 60, 70], [1, 4]),
                ("pred_classes", [2], [1]),
                ("pred_masks", [.. Enumerable.Repeat(1f, 14 * 14)], [1, 1, 14, 14]),
                ("scores", [0.9f], [1]),
                ("image_size", [100, 100], [2])
            )
        );
        Assert.Equal(2, item.ClassId);
        Assert.Equal(new Box(40, 10, 120, 90), item.Mask.Bounds);
    }

    [Fact]
    public void Nothing_found_is_no_rows()
    {
        Assert.Empty(
            Decode("mask-rcnn", null, null, ("boxes", [], [0, 4]), ("labels", [], [0]), ("scores", [], [0]), ("masks", [], [0, 1, 28, 28]))
        );
        Assert.Empty(Decode("mmdeploy", null, null, ("dets", [], [1, 0, 5]), ("labels", [], [1, 0]), ("masks", [], [1, 0, 100, 100])));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_last_row_of_zeros_may_lack_its_mask(int masks)
    {
        var maps = new float[masks * 50 * 50]; // a map of half the input's resolution
        Array.Fill(maps, 1f, 2500 + (20 * 50), 10 * 50);
        Array.Fill(maps, 1f, 0, 2500);
        var found = Decode(
            "mmdeploy",
            3,
            null,
            ("dets", [0, 0, 100, 100, 0.5f, 10, 40, 90, 60, 0.75f, 0, 0, 0, 0, 0], [1, 3, 5]),
            ("labels", [0, 2, 0], [1, 3]),
            ("masks", maps, [1, masks, 50, 50])
        );
        Assert.Equal([(2, 0.75f), (0, 0.5f)], found.Select(item => (item.ClassId, item.Score))); // best first
        Assert.Equal(new Box(0, 30, 200, 70), found[0].Mask.Bounds); // not cut to the box
        Assert.Equal(new Box(20, 30, 180, 70), found[0].Box);
    }

    [Fact]
    public void A_query_is_its_best_class_and_the_last_column_is_none()
    {
        // Sigmoid of 2 is 0.8808, of 1 is 0.7311. The second query's best is no class: then its best class counts.
        var maps = new float[3 * 20 * 20];
        Array.Fill(maps, -1f);
        Array.Fill(maps, 1f, 0, 400);
        Array.Fill(maps, 1f, 400 + (8 * 20), 4 * 20); // rows 40 to 60 of the input
        var found = Decode(
            "query",
            2,
            null,
            ("dets", [0.5f, 0.5f, 1, 0.5f, 0.5f, 0.5f, 0.2f, 0.2f, 0.1f, 0.1f, 0.1f, 0.1f], [1, 3, 4]),
            ("labels", [1, -3, 0, -3, 2, 5, -4, -4, 9], [1, 3, 3]),
            ("masks", maps, [1, 3, 20, 20])
        );
        Assert.Equal([1, 0], found.Select(item => item.ClassId));
        Assert.Equal((0.8808f, 0.7311f), (found[0].Score, found[1].Score), Near);
        AssertBox(new Box(80, 30, 120, 70), found[0].Box);
        Assert.Equal(200 * 100, found[1].Mask.Area);
        Assert.Equal(0, found[0].Mask.Bounds.X1);
    }

    [Fact]
    public void A_mask_query_has_the_box_of_its_mask_and_the_score_of_both()
    {
        // Softmax of (2, 0, 0) is 0.7870; of (0, 3, 3) 0.4879 for the class. The masks' cells have the sigmoids 0.9526 and 0.6225.
        var maps = new float[2 * 20 * 20];
        Array.Fill(maps, -2f);
        Array.Fill(maps, 3f, 8 * 20, 4 * 20); // rows 40 to 60 of the input
        Array.Fill(maps, 0.5f, 400, 400);
        var found = Decode(
            "mask-queries",
            2,
            null,
            ("class_queries_logits", [2, 0, 0, 0, 3, 3], [1, 2, 3]),
            ("masks_queries_logits", maps, [1, 2, 20, 20])
        );
        Assert.Equal([0, 1], found.Select(item => item.ClassId));
        Assert.Equal((0.7870f * 0.9526f, 0.4879f * 0.6225f), (found[0].Score, found[1].Score), Near);
        Assert.Equal(new Box(0, 0, 200, 100), found[1].Box);
        Assert.Equal(found[0].Mask.Bounds, found[0].Box);

        // Between a cell of 3 and one of -2, the mask ends 3/5 of a cell of 10 frame pixels behind the centre of the former.
        Assert.InRange(found[0].Box.Y1, 28, 30);
        Assert.InRange(found[0].Box.Y2, 70, 72);
    }

    [Fact]
    public void Ids_of_coco_become_its_80_classes()
    {
        var logits = new float[91];
        Array.Fill(logits, -9f);
        logits[90] = 3; // toothbrush, the last column, is a class here
        var found = Decode(
            "query",
            null,
            null,
            ("dets", [0.5f, 0.5f, 1, 0.5f], [1, 1, 4]),
            ("labels", logits, [1, 1, 91]),
            ("masks", [.. Enumerable.Repeat(1f, 100)], [1, 1, 10, 10])
        );
        Assert.Equal(79, Assert.Single(found).ClassId);
        Assert.Equal("toothbrush", CocoClasses.Names[79]);
        Assert.Equal([0, 10, 11, 12, -1, -1, -1], new[] { 1, 11, 13, 14, 12, 0, 91 }.Select(CocoClasses.OfCategory));
    }

    [Fact]
    public void A_label_beyond_the_names_is_told()
    {
        var error = Assert.Throws<HeadLayoutException>(() =>
            Decode(
                "mmdeploy",
                2,
                null,
                ("dets", [0, 0, 10, 10, 0.9f], [1, 1, 5]),
                ("labels", [2], [1, 1]),
                ("masks", new float[2500], [1, 1, 50, 50])
            )
        );
        Assert.StartsWith("expected classes 0 to 1 (labels from 0), got label 2", error.Message, StringComparison.Ordinal);
    }

    private static List<DetectedObject> Decode(
        string layout,
        int? classes,
        LabelNumbers? labels,
        params (string Name, float[] Values, int[] Shape)[] outputs
    )
    {
        var (row, found) = ModelLayouts.Recognise(
            Signatures.Of(classes, labels, [.. outputs.Select(output => (output.Name, output.Shape))])
        );
        Assert.Equal(layout, row.Name);
        using var detections = new DetectionList();
        row.Head(found, new DetectionOptions())
            .Decode([.. outputs.Select(output => new OutputTensor(output.Values, output.Shape))], 0, s_letterbox, detections);
        return [.. detections.Items.Select(item => item with { Mask = item.Mask.Copy() })];
    }

    private static float[] Row(params float[] values) => values;

    private static bool Near<T>((T, float) a, (T, float) b) => Equals(a.Item1, b.Item1) && Math.Abs(a.Item2 - b.Item2) < 1e-4f;

    private static bool Near((float, float) a, (float, float) b) =>
        Math.Abs(a.Item1 - b.Item1) < 1e-4f && Math.Abs(a.Item2 - b.Item2) < 1e-4f;

    private static void AssertBox(Box expected, Box actual)
    {
        Assert.Equal(expected.X1, actual.X1, 1e-3f);
        Assert.Equal(expected.Y1, actual.Y1, 1e-3f);
        Assert.Equal(expected.X2, actual.X2, 1e-3f);
        Assert.Equal(expected.Y2, actual.Y2, 1e-3f);
    }
}
