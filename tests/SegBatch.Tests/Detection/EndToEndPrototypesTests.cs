using System.Text.Json;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>Rows that are final already: only score, number and class are filtered.</summary>
public sealed class EndToEndPrototypesTests
{
    private static readonly FrameSize Input = new(640, 640);

    [Fact]
    public void Keeps_the_recorded_rows()
    {
        using var cases = RecordedData.Json("end2end.json");
        CheckAll(cases, expectedCases: 2);
    }

    [Fact]
    public void Keeps_the_rows_of_every_recorded_case()
    {
        using var cases = SharedData.Json("reference/oracle/07_nms/end2end.json");
        CheckAll(cases, expectedCases: 8);
    }

    [Fact]
    public void Rows_out_of_order_come_best_first_equal_scores_in_given_order()
    {
        float[][] rows =
        [
            [10, 10, 20, 20, 0.5f, 0],
            [30, 30, 40, 40, 0.9f, 1],
            [50, 50, 60, 60, 0.5f, 2],
            [0, 0, 0, 0, 0, 0],
        ];
        using var detections = Decode(rows, new DetectionOptions(), classes: 3);
        Assert.Equal([1, 0, 2], detections.Items.Select(item => item.ClassId));
    }

    [Fact]
    public void A_class_behind_the_names_is_an_error()
    {
        var error = Assert.Throws<HeadLayoutException>(() =>
            Decode(
                [
                    [0, 0, 9, 9, 0.9f, 7],
                ],
                new DetectionOptions(),
                classes: 4
            )
        );
        Assert.Equal("expected classes 0 to 3, got class 7: the class names are not those of this model", error.Message);
    }

    [Fact]
    public void Objects_without_a_pixel_are_dropped()
    {
        float[][] rows =
        [
            [700, 10, 720, 20, 0.9f, 0],
            [10.2f, 10, 10.4f, 20, 0.8f, 0],
            [10, 10, 11, 20, 0.7f, 0],
            [float.NaN, 10, 11, 20, 0.6f, 0],
        ];
        using var detections = Decode(rows, new DetectionOptions(), classes: 1);
        var item = Assert.Single(detections.Items);
        Assert.Equal(0.7f, item.Score);
        Assert.Equal(10, item.Mask.Area);
    }

    private static void CheckAll(JsonDocument document, int expectedCases)
    {
        var count = 0;
        foreach (var test in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            var rows = test.GetProperty("rows6").EnumerateArray().Select(Floats).ToArray();
            var classes = test.GetProperty("classes");
            var options = new DetectionOptions
            {
                Conf = test.GetProperty("conf").GetSingle(),
                MaxDet = test.GetProperty("max_det").GetInt32(),
                Classes = classes.ValueKind == JsonValueKind.Null ? null : [.. classes.EnumerateArray().Select(id => id.GetInt32())],
            };
            using var detections = Decode(rows, options, classes: 80);
            var expected = test.GetProperty("kept").EnumerateArray().Select(row => rows[row.GetInt32()]).ToArray();
            float[][] found =
            [
                .. detections.Items.Select(item => new[] { item.Box.X1, item.Box.Y1, item.Box.X2, item.Box.Y2, item.Score, item.ClassId }),
            ];
            Assert.Equal(expected, found);
            count++;
        }

        Assert.Equal(expectedCases, count);
    }

    /// <summary>With one prototype of ones and one coefficient 1 per row every mask is its whole box.</summary>
    private static DetectionList Decode(float[][] rows, DetectionOptions options, int classes)
    {
        var head = DetectionHeads.Choose(
            [
                [1, rows.Length, 7],
                [1, 1, 160, 160],
            ],
            true,
            classes,
            options,
            out _
        );
        float[] ones = [.. Enumerable.Repeat(1f, 160 * 160)];
        float[] values = [.. rows.SelectMany(row => row.Append(1f))];
        OutputTensor[] outputs = [new(values, [1, rows.Length, 7]), new(ones, [1, 1, 160, 160])];
        var detections = new DetectionList();
        head.Decode(outputs, 0, LetterboxTransform.Square(Input, Input), detections);
        return detections;
    }

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];
}
