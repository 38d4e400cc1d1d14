using System.Text.Json;
using SegBatch.Evaluation;
using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Evaluation;

/// <summary>Average precision and boundary IoU against what pycocotools and an independent boundary implementation recorded.</summary>
public sealed class CocoOracleTests
{
    private const double Tolerance = 1e-9;
    private const string Oracle = "reference/oracle/11_coco_ap";

    public static TheoryData<int, string> Datasets
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var part in new[] { "segm", "bbox", "boundary_segm" })
            {
                for (var i = 0; i < 6; i++)
                {
                    data.Add(i, part);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void All_numbers_of_a_recorded_data_set_are_reproduced(int dataset, string part)
    {
        using var expected = SharedData.Json($"{Oracle}/expected.json");
        using var truth = SharedData.Json($"{Oracle}/gt_{dataset}.json");
        using var found = SharedData.Json($"{Oracle}/dt_{dataset}.json");
        Check(truth.RootElement, found.RootElement, expected.RootElement.GetProperty("datasets")[dataset], part);
    }

    [Theory]
    [InlineData("segm")]
    [InlineData("bbox")]
    [InlineData("boundary_segm")]
    public void The_data_set_in_the_repository_is_reproduced(string part)
    {
        using var recording = RecordedData.Json("coco_ap.json.gz");
        var root = recording.RootElement;
        Check(root.GetProperty("truth"), root.GetProperty("found"), root.GetProperty("expected"), part);
    }

    [Fact]
    public void Boundaries_and_their_IoU_are_reproduced()
    {
        using var recorded = SharedData.Json($"{Oracle}/boundary_iou.json.gz");
        Assert.Equal(60, CheckBoundaries(recorded.RootElement));
    }

    [Fact]
    public void Boundaries_in_the_repository_are_reproduced()
    {
        using var recorded = RecordedData.Json("coco_ap.json.gz");
        Assert.Equal(10, CheckBoundaries(recorded.RootElement));
    }

    private static void Check(JsonElement truth, JsonElement found, JsonElement expected, string part)
    {
        var kind = part switch
        {
            "segm" => OverlapKind.Mask,
            "bbox" => OverlapKind.Box,
            _ => OverlapKind.Boundary,
        };
        var annotations = truth.GetProperty("annotations").EnumerateArray().ToLookup(Image);
        var detections = found.EnumerateArray().ToLookup(Image);
        var frames = truth
            .GetProperty("images")
            .EnumerateArray()
            .Select(image => image.GetProperty("id").GetInt32())
            .Order()
            .Select(id =>
                EvaluatedFrame.Of([.. annotations[id].Select(Object)], [.. detections[id].Select(Object)], kind == OverlapKind.Boundary)
            );
        var precision = AveragePrecision.Of([.. frames], kind, [1, 2, 3]);

        var recorded = expected.GetProperty(part);
        foreach (var (name, value) in precision.Summary.Figures)
        {
            Near(recorded.GetProperty("stats").GetProperty(name), value, name);
        }

        foreach (var item in precision.Classes)
        {
            var ofClass = recorded.GetProperty("per_class").GetProperty($"{item.ClassId}");
            Near(ofClass.GetProperty("AP"), item.Summary.Ap, $"AP of {item.ClassId}");
            Near(ofClass.GetProperty("AR100"), item.Summary.Ar100, $"AR100 of {item.ClassId}");
            for (var i = 0; i < 10; i++)
            {
                Near(ofClass.GetProperty("AP_per_iou")[i], item.PrecisionPerIoU[i], $"AP of {item.ClassId} at {i}");
                Near(ofClass.GetProperty("AR100_per_iou")[i], item.RecallPerIoU[i], $"AR of {item.ClassId} at {i}");
            }
        }

        static int Image(JsonElement item) => item.GetProperty("image_id").GetInt32();
    }

    private static int CheckBoundaries(JsonElement recorded)
    {
        var pairs = 0;
        foreach (var pair in recorded.GetProperty("pairs").EnumerateArray())
        {
            var size = new FrameSize(pair.GetProperty("w").GetInt32(), pair.GetProperty("h").GetInt32());
            Assert.Equal(pair.GetProperty("dilation").GetInt32(), MaskBoundary.Distance(size));
            var (a, b) = (Band("a"), Band("b"));
            Assert.Equal(pair.GetProperty("boundary_a").GetString(), CocoRle.ToString(a.Counts.Span));
            Assert.Equal(pair.GetProperty("boundary_b").GetString(), CocoRle.ToString(b.Counts.Span));
            if (pair.GetProperty("boundary_iou").ValueKind != JsonValueKind.Null)
            {
                Assert.Equal(pair.GetProperty("boundary_iou").GetDouble(), MaskIoU.IoU(a, b), Tolerance);
            }

            pairs++;

            RleMask Band(string name) =>
                MaskBoundary.Of(new RleMask(size, CocoRle.Decode(pair.GetProperty(name).GetString())), MaskBoundary.Distance(size));
        }

        return pairs;
    }

    private static EvaluationObject Object(JsonElement item)
    {
        var box = item.GetProperty("bbox").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        var mask = item.GetProperty("segmentation");
        var size = mask.GetProperty("size");
        var counts = mask.GetProperty("counts");
        return new EvaluationObject(
            item.GetProperty("category_id").GetInt32(),
            null,
            item.TryGetProperty("score", out var score) ? score.GetDouble() : 1,
            new BoxCorners(box[0], box[1], box[0] + box[2], box[1] + box[3]),
            new RleMask(
                new FrameSize(size[1].GetInt32(), size[0].GetInt32()),
                counts.ValueKind == JsonValueKind.String
                    ? CocoRle.Decode(counts.GetString())
                    : counts.EnumerateArray().Select(count => count.GetInt32()).ToArray()
            ),
            IsCrowd: item.TryGetProperty("iscrowd", out var crowd) && crowd.GetInt32() != 0,
            // pycocotools takes a result's box for its size class, also for masks, where the result has one.
            Area: item.TryGetProperty("area", out var area) ? area.GetDouble() : box[2] * box[3]
        );
    }

    private static void Near(JsonElement expected, double actual, string what)
    {
        var value = expected.GetDouble();
        Assert.True(
            value == -1 ? double.IsNaN(actual) : Math.Abs(value - actual) <= Tolerance,
            $"{what}: recorded {value:R}, computed {actual:R}"
        );
    }
}
