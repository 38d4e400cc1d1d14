using SegBatch.Detection;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>The head follows the outputs' shapes; what is no segmentation layout gets told apart.</summary>
public sealed class DetectionHeadsTests
{
    private static readonly int[] Prototypes = [1, 32, 160, 160];

    [Theory]
    [InlineData(116, 8400, 80, HeadKind.AnchorFree, false, 80)] // YOLOv8-, 11-, 12-seg
    [InlineData(116, 8400, null, HeadKind.AnchorFree, false, 80)]
    [InlineData(116, -1, null, HeadKind.AnchorFree, false, 80)] // dynamic export
    [InlineData(37, 8400, 1, HeadKind.AnchorFree, false, 1)] // FastSAM
    [InlineData(8400, 116, 80, HeadKind.AnchorFree, true, 80)]
    [InlineData(8400, 38, 2, HeadKind.AnchorFree, true, 2)] // too many rows to be final ones
    [InlineData(116, 84, 80, HeadKind.AnchorFree, false, 80)] // a tiny input: fewer anchors than values
    [InlineData(300, 38, 80, HeadKind.EndToEnd, false, 80)] // YOLO26-seg, nms=True
    [InlineData(-1, 38, 80, HeadKind.EndToEnd, false, 80)]
    [InlineData(300, 38, null, HeadKind.EndToEnd, false, null)]
    public void The_layout_follows_the_shapes(int second, int third, int? names, HeadKind kind, bool transposed, int? classes)
    {
        var layout = DetectionHeads.Recognise(
            [
                [1, second, third],
                Prototypes,
            ],
            null,
            names
        );
        var found = Assert.IsType<PrototypeLayout>(layout);
        Assert.Equal((kind, transposed, classes, 32), (found.Kind, found.Transposed, found.Classes, found.Coefficients));
    }

    [Fact]
    public void The_head_is_that_of_the_layout()
    {
        var options = new DetectionOptions();
        Assert.IsType<AnchorFreePrototypes>(
            DetectionHeads.Choose(
                [
                    [-1, 116, -1],
                    Prototypes,
                ],
                false,
                80,
                options,
                out _
            )
        );
        Assert.IsType<EndToEndPrototypes>(
            DetectionHeads.Choose(
                [
                    [-1, 300, 38],
                    Prototypes,
                ],
                true,
                80,
                options,
                out _
            )
        );
    }

    [Fact]
    public void An_export_with_built_in_suppression_may_deny_being_end_to_end() =>
        Assert.Equal(
            "end-to-end",
            DetectionHeads
                .Recognise(
                    [
                        [1, 300, 38],
                        Prototypes,
                    ],
                    false,
                    80
                )
                .Name
        );

    [Fact]
    public void Outputs_may_come_in_either_order()
    {
        var layout = Assert.IsType<PrototypeLayout>(DetectionHeads.Recognise([Prototypes, [1, 116, 8400]], null, 80));
        Assert.Equal((1, 0), (layout.Predictions, layout.Prototypes));
    }

    [Theory]
    [InlineData("1 output [1, 84, 8400]: this looks like a detection, pose or oriented-box model", 1, 84, 8400)]
    [InlineData("1 output [1, 1000]: this looks like a classifier", 1, 1000)]
    public void One_output_is_named_for_what_it_probably_is(string part, params int[] shape)
    {
        var error = Assert.Throws<HeadLayoutException>(() => DetectionHeads.Recognise([shape], null, 80));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Expected one of: anchor-free: predictions [batch, 4+classes+nm, anchors]",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Names_that_do_not_fit_the_shape_are_told()
    {
        var error = Assert.Throws<HeadLayoutException>(() =>
            DetectionHeads.Recognise(
                [
                    [1, 116, 8400],
                    Prototypes,
                ],
                null,
                4
            )
        );
        Assert.Equal(
            "expected 4+4+32 = 40 values per anchor (4 class names, 32 prototypes), got [1, 116, 8400], which fits 80 classes: "
                + "correct the names, or this is no segmentation model",
            error.Message
        );
    }

    [Fact]
    public void Other_outputs_are_refused()
    {
        int[][][] shapes =
        [
            [
                [1, 84, 8400],
                [1, 144, 80, 80],
                [1, 144, 40, 40],
            ],
            [
                [1, 20, 8400],
                [1, 32, 160, 160],
            ],
            [
                [1, 300, 4],
                [1, 300],
            ],
            [
                [1, 116, 8400],
                [1, -1, 160, 160],
            ],
            [],
        ];
        foreach (var outputs in shapes)
        {
            Assert.Throws<HeadLayoutException>(() => DetectionHeads.Recognise(outputs, null, null));
        }

        Assert.Throws<HeadLayoutException>(() =>
            DetectionHeads.Recognise(
                [
                    [1, 116, 8400],
                    Prototypes,
                ],
                true,
                80
            )
        );
    }

    [Theory]
    [InlineData(116, 8400, 80)]
    [InlineData(300, 38, null)]
    public void A_negative_class_is_refused(int second, int third, int? names)
    {
        var error = Assert.Throws<HeadLayoutException>(() =>
            DetectionHeads.Choose(
                [
                    [1, second, third],
                    Prototypes,
                ],
                null,
                names,
                new DetectionOptions { Classes = [0, -1] },
                out _
            )
        );
        Assert.StartsWith("class -1 is asked for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_the_model_does_not_have_is_refused()
    {
        var options = new DetectionOptions { Classes = [0, 80] };
        var error = Assert.Throws<HeadLayoutException>(() =>
            DetectionHeads.Choose(
                [
                    [1, 116, 8400],
                    Prototypes,
                ],
                null,
                80,
                options,
                out _
            )
        );
        Assert.Contains("class 80 is asked for, the model has classes 0 to 79", error.Message, StringComparison.Ordinal);
    }
}
