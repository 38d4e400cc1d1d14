using SegBatch.Detection;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>Which layout a network has follows from names and shapes; what fits none or several is refused in words that help.</summary>
public sealed class ModelLayoutsTests
{
    private static readonly (string, int[])[] s_regions = [("6568", [-1, 4]), ("6570", [-1]), ("6572", [-1]), ("6887", [-1, 1, 28, 28])];

    [Theory]
    [InlineData("yolov5", 4, "output0 1 5040 25, output1 1 16 96 160")] // 5 + 4 + 16
    [InlineData("anchor-free", 5, "output0 1 5040 25, output1 1 16 96 160")] // 4 + 5 + 16, transposed
    [InlineData("yolov5", 80, "output 1 25200 117, 516 1 3 80 80 117, 528 1 32 160 160")] // raw maps beside it
    [InlineData("end-to-end", 1, "output0 1 300 38, output1 1 32 160 160")] // also 5 + 1 + 32
    [InlineData("yolact", 4, "loc 1 5040 4, conf 1 5040 5, mask 1 5040 16, priors 5040 4, proto 1 138 138 16")]
    [InlineData("yolact", null, "784 1 5040 4, 801 1 5040 5, 809 1 5040 16, 812 5040 4, 745 1 138 138 16")]
    [InlineData("yolact", 31, "loc 1 5040 4, conf 1 5040 32, mask 1 5040 32, priors 5040 4, proto 1 138 138 32")]
    [InlineData("mask-rcnn", null, "boxes -1 4, labels -1, scores -1, masks -1 1 28 28")]
    [InlineData("mask-rcnn", null, "boxes -1 4, labels -1, scores -1, masks -1 1 -1 -1")]
    [InlineData("mask-rcnn", null, "boxes.55 -1 4, onnx::Shape_2468 -1, 2467 -1, 3064 -1 -1 -1 -1")] // named by PyTorch itself
    [InlineData("mask-rcnn", null, "3570 -1 4, 6570 -1, 3572 -1, 3887 -1 1 -1 -1")] // pasted, without names
    [InlineData("mask-rcnn", null, "boxes -1 4, labels -1, scores -1, masks -1 -1 -1 -1")] // torchvision's own recipe leaves every axis open
    [InlineData("detectron2", null, "pred_boxes -1 4, pred_classes -1, pred_masks -1 1 224 224, scores -1, image_size 2")]
    [InlineData("detectron2", null, "3 -1 4, 6570 -1, 5 -1 1 28 28, 6 -1, 7 2")]
    [InlineData("mmdeploy", null, "dets 1 -1 5, labels 1 -1, masks 1 -1 384 640")]
    [InlineData("mmdeploy", null, "dets -1 -1 5, labels -1 -1, masks -1 -1 -1 -1")]
    [InlineData("query", null, "dets 1 100 4, labels 1 100 5, masks 1 100 156 156")]
    [InlineData("query", 3, "dets 1 100 4, labels 1 100 4, masks 1 100 108 108")]
    [InlineData("query", null, "dets 1 200 4, labels 1 200 91, masks 1 200 108 108")]
    [InlineData("mask-queries", null, "class_queries_logits 1 100 81, masks_queries_logits 1 100 96 96")]
    [InlineData("mask-queries", 80, "class_queries_logits -1 -1 81, masks_queries_logits -1 -1 -1 -1")]
    public void The_layout_follows_names_and_shapes(string layout, int? names, string outputs)
    {
        var (row, found) = ModelLayouts.Recognise(Signatures.Of(names, null, Parse(outputs)));
        Assert.Equal((layout, layout), (row.Name, found.Name));
        Assert.NotEmpty(found.Reason);
    }

    [Fact]
    public void The_model_zoo_is_told_by_what_it_lacks()
    {
        var signature = Signatures.Of(null, null, s_regions);
        var zoo = signature with { Input = Signatures.Tensor("image", "float32", 3, -1, -1) };
        Assert.Equal("mask-rcnn-zoo", ModelLayouts.Recognise(zoo).Row.Name);

        var batched = signature with { Input = Signatures.Tensor("image", "float32", 1, 3, -1, -1) };
        var error = Assert.Throws<HeadLayoutException>(() => ModelLayouts.Recognise(batched));
        Assert.Contains("neither names nor sizes tell whose", error.Message, StringComparison.Ordinal);
        Assert.Equal("detectron2", ModelLayouts.Recognise(batched with { Stated = "detectron2" }).Row.Name);
    }

    [Fact]
    public void What_fits_two_layouts_is_refused_until_something_tells()
    {
        var signature = Signatures.Of(null, null, Parse("output0 1 18900 117, output1 1 32 160 160"));
        var error = Assert.Throws<HeadLayoutException>(() => ModelLayouts.Recognise(signature));
        Assert.Contains("fit 'anchor-free' (", error.Message, StringComparison.Ordinal);
        Assert.Contains(" and 'yolov5' (", error.Message, StringComparison.Ordinal);
        Assert.Contains("layout: anchor-free", error.Message, StringComparison.Ordinal);

        // 18900 rows are three anchors a cell for 640x480 (80*60 + 40*30 + 20*15 = 6300 cells), and one a cell of nothing usual.
        var sized = signature with
        {
            Input = Signatures.Tensor("images", "float32", 1, 3, 480, 640),
        };
        Assert.Equal("yolov5", ModelLayouts.Recognise(sized).Row.Name);
        var free = Signatures.Of(null, null, Parse("output0 1 6300 117, output1 1 32 160 160")) with { Input = sized.Input };
        Assert.Equal("anchor-free", ModelLayouts.Recognise(free).Row.Name);
        Assert.Equal("yolov5", ModelLayouts.Recognise(signature with { Stated = "yolov5" }).Row.Name);
        Assert.Equal("yolov5", ModelLayouts.Recognise(signature with { ClassCount = 80 }).Row.Name);
    }

    [Theory]
    [InlineData("dets 1 100 5, labels 1 100", "this looks like a detection model without masks")]
    [InlineData("boxes -1 4, labels -1, scores -1", "this looks like a detection model without masks")]
    [InlineData(
        "boxes -1 4, labels -1, scores -1, keypoints -1 -1 3, keypoints_scores -1 -1",
        "this looks like a detection model without masks"
    )]
    [InlineData("3570 -1 4, 6570 -1, 3572 -1, 3887 -1 17 3, 3889 -1 17", "this looks like a detection model without masks")]
    [InlineData("output 1 1000", "this looks like a classifier")]
    [InlineData("a 1 3 10 10, b 1 3 10 10", "export the model with its standard outputs")]
    [InlineData("dets 1 100 4, labels 1 100 5, masks 1 100 156 156", "expected 2+1 class logits a query (2 class names), got 5")]
    public void What_fits_none_is_named_for_what_it_probably_is(string outputs, string part)
    {
        var error = Assert.Throws<HeadLayoutException>(() => ModelLayouts.Recognise(Signatures.Of(2, null, Parse(outputs))));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stated_layout_that_does_not_fit_is_refused()
    {
        var signature = Signatures.Of(null, null, Parse("dets 1 -1 5, labels 1 -1, masks 1 -1 384 640")) with { Stated = "yolact" };
        var error = Assert.Throws<HeadLayoutException>(() => ModelLayouts.Recognise(signature));
        Assert.StartsWith("the job says layout: yolact, but that has loc [batch, priors, 4]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_job_states_decides_between_shapes_that_two_layouts_share()
    {
        // 4 + 2 classes + 32 coefficients of 756 anchors (an input of 192x192), or final rows of 6 + 32 values.
        var signature = Signatures.Of(2, null, Parse("output0 1 756 38, output1 1 32 48 48"));
        Assert.Equal("end-to-end", ModelLayouts.Recognise(signature).Row.Name);
        var free = ModelLayouts.Recognise(signature with { Stated = "anchor-free" }).Layout;
        Assert.Equal((true, 2), (Assert.IsType<PrototypeLayout>(free).Transposed, free.Classes));

        var many = Signatures.Of(80, null, Parse("output0 1 3000 38, output1 1 32 160 160")) with { Stated = "end-to-end" };
        Assert.Equal(HeadKind.EndToEnd, Assert.IsType<PrototypeLayout>(ModelLayouts.Recognise(many).Layout).Kind);

        var open = Signatures.Of(2, null, Parse("output0 -1 -1 38, output1 -1 32 -1 -1")) with { EndToEnd = false };
        Assert.Equal("anchor-free", ModelLayouts.Recognise(open).Row.Name);
        Assert.Equal("end-to-end", ModelLayouts.Recognise(open with { Stated = "end-to-end" }).Row.Name);
    }

    /// <summary>Exports with nms=True say end2end: false, and may keep any number of rows (max_det).</summary>
    [Theory]
    [InlineData(2, "output0 1 2000 38, output1 1 32 160 160")]
    [InlineData(80, "output0 1 2000 38, output1 1 32 160 160")]
    [InlineData(2, "output0 -1 -1 38, output1 -1 32 -1 -1")]
    public void Suppression_in_the_graph_makes_rows_final(int classes, string outputs)
    {
        var signature = Signatures.Of(classes, null, Parse(outputs)) with { EndToEnd = false, HasNms = true };
        Assert.Equal("end-to-end", ModelLayouts.Recognise(signature).Row.Name);
    }

    [Theory]
    [InlineData("output0 1 116 84, output1 1 32 16 16", false)]
    [InlineData("output0 1 84 116, output1 1 32 16 16", true)]
    public void Small_inputs_have_fewer_anchors_than_values(string outputs, bool transposed)
    {
        // 64x64: 8*8 + 4*4 + 2*2 = 84 cells.
        var signature = Signatures.Of(null, null, Parse(outputs)) with
        {
            Input = Signatures.Tensor("images", "float32", 1, 3, 64, 64),
        };
        var layout = Assert.IsType<PrototypeLayout>(ModelLayouts.Recognise(signature).Layout);
        Assert.Equal((transposed, 80), (layout.Transposed, layout.Classes));
    }

    [Theory]
    [InlineData("boxes -1 4, labels -1, scores -1, keypoints -1 17 3, keypoints_scores -1 17")]
    [InlineData("11 -1 4, 6570 -1, 12 -1, 13 -1 17 3")]
    public void Key_points_are_no_masks(string outputs) =>
        Assert.Throws<HeadLayoutException>(() => ModelLayouts.Recognise(Signatures.Of(null, null, Parse(outputs))));

    [Fact]
    public void Labels_may_be_whole_numbers_of_any_kind()
    {
        foreach (var type in new[] { "int64", "int32", "uint8" })
        {
            var signature = Signatures.Of(null, null, Parse("boxes -1 4, scores -1, masks -1 1 28 28"));
            signature = signature with { Outputs = [.. signature.Outputs, Signatures.Tensor("labels", type, -1)] };
            Assert.Equal("mask-rcnn", ModelLayouts.Recognise(signature).Row.Name);
        }
    }

    [Fact]
    public void One_channel_of_scores_is_told_what_it_lacks()
    {
        var error = Assert.Throws<HeadLayoutException>(() =>
            ModelLayouts.Recognise(Signatures.Of(null, null, Parse("output 1 1 384 640")))
        );
        Assert.Contains("one channel of scores", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A mistake here is seen by nobody: every layout is recognised on its own outputs, and by no other row.</summary>
    [Fact]
    public void Names_of_layouts_are_told_apart() => Assert.Equal(ModelLayouts.Names.Count, ModelLayouts.Names.Distinct().Count());

    private static (string, int[])[] Parse(string outputs) =>
        [.. outputs.Split(", ").Select(output => output.Split(' ')).Select(words => (words[0], words[1..].Select(int.Parse).ToArray()))];
}
