using System.Text.Json;
using SegBatch.Detection;
using SegBatch.Geometry;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>Scan and suppression against the recorded results of the reference's suppression.</summary>
public sealed class NonMaxSuppressionTests
{
    private const int Coefficients = 32;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keeps_the_recorded_anchors_in_order(bool transposed)
    {
        using var cases = RecordedData.Json("nms.json");
        CheckAll(cases, transposed, expectedCases: 8);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keeps_the_anchors_of_every_recorded_case(bool transposed)
    {
        using var cases = SharedData.Json("reference/oracle/07_nms/cases.json.gz");
        CheckAll(cases, transposed, expectedCases: 60);
    }

    [Fact]
    public void A_score_equal_to_the_threshold_is_no_candidate_and_an_equal_iou_does_not_suppress()
    {
        // Two boxes 8 wide, 4 apart: intersection 4, union 12, IoU 1/3 exactly as single precision divides it.
        float[] scores = [0.9f, 0.8f, 0.25f];
        float[] values = [4, 8, 100, 5, 5, 5, 8, 8, 8, 10, 10, 10, .. scores];
        var options = new DetectionOptions { Iou = 40f / 120f };
        Assert.Equal([0, 1], Anchors(values, 1, 3, options, transposed: false).Select(kept => kept.Anchor));
        Assert.Equal([0], Anchors(values, 1, 3, options with { Iou = 0.333f }, transposed: false).Select(kept => kept.Anchor));
    }

    [Fact]
    public void Scores_that_are_not_numbers_and_boxes_without_end_are_left_out()
    {
        float[] values = [5, 5, 50, 5, 5, 50, float.PositiveInfinity, 4, 4, 4, 4, 4, 0.9f, float.NaN, 0.5f, 0.1f, 0.8f, float.NaN];
        Assert.Equal([(1, 1), (2, 0)], Anchors(values, 2, 3, new DetectionOptions(), transposed: false).Select(k => (k.Anchor, k.ClassId)));
    }

    [Fact]
    public void At_most_thirty_thousand_candidates_are_looked_at_best_first()
    {
        const int Anchors = 40_000;
        var candidates = new Candidates();
        for (var anchor = 0; anchor < Anchors; anchor++)
        {
            candidates.Add(anchor, 0, ((anchor * 7919L) % Anchors) / (float)Anchors);
        }

        var order = candidates.Order(NonMaxSuppression.MaxCandidates);
        var previous = float.MaxValue;
        foreach (var key in order)
        {
            var score = candidates[(int)(uint)key].Score;
            Assert.True(score < previous);
            previous = score;
        }

        Assert.Equal(30_000, order.Length);
        Assert.Equal(0.25f, previous, 1e-4f);
    }

    private static void CheckAll(JsonDocument document, bool transposed, int expectedCases)
    {
        var count = 0;
        foreach (var test in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            var (nc, anchors) = (test.GetProperty("nc").GetInt32(), test.GetProperty("A").GetInt32());
            var classes = test.GetProperty("classes");
            var options = new DetectionOptions
            {
                Conf = test.GetProperty("conf").GetSingle(),
                Iou = test.GetProperty("iou").GetSingle(),
                MaxDet = test.GetProperty("max_det").GetInt32(),
                AgnosticNms = test.GetProperty("agnostic").GetBoolean(),
                Classes = classes.ValueKind == JsonValueKind.Null ? null : [.. classes.EnumerateArray().Select(id => id.GetInt32())],
            };
            var found = Anchors(Predictions(test, nc, anchors), nc, anchors, options, transposed);

            var expected = test.GetProperty("expected");
            var name = $"case {test.GetProperty("i").GetInt32()}";
            Assert.True(Ints(expected.GetProperty("anchors")).SequenceEqual(found.Select(kept => kept.Anchor)), name);
            Assert.True(Ints(expected.GetProperty("cls")).SequenceEqual(found.Select(kept => kept.ClassId)), name);
            Assert.True(Floats(expected.GetProperty("conf")).SequenceEqual(found.Select(kept => kept.Score)), name);
            var boxes = expected.GetProperty("boxes_xyxy").EnumerateArray().Select(Floats).ToArray();
            for (var i = 0; i < boxes.Length; i++)
            {
                float[] box = [found[i].Box.X1, found[i].Box.Y1, found[i].Box.X2, found[i].Box.Y2];
                Assert.True(boxes[i].Zip(box).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-3f), name);
            }

            count++;
        }

        Assert.Equal(expectedCases, count);
    }

    private static List<(int Anchor, int ClassId, float Score, Box Box)> Anchors(
        float[] values,
        int nc,
        int anchors,
        DetectionOptions options,
        bool transposed
    )
    {
        var channels = values.Length / anchors;
        bool[]? wanted = options.Classes is { } classes ? [.. Enumerable.Range(0, nc).Select(classes.Contains)] : null;
        var candidates = new Candidates();
        var kept = new KeptBoxes();
        if (transposed)
        {
            values = Transpose(values, channels, anchors);
            CandidateScan.ByAnchor(values.AsSpan(4), nc, anchors, channels, options.Conf, wanted, candidates);
            NonMaxSuppression.Run(candidates, new AnchorRows(values, 1, channels), options, kept);
        }
        else
        {
            CandidateScan.ByClass<Probability>(values.AsSpan(4 * anchors), nc, anchors, options.Conf, wanted, candidates);
            NonMaxSuppression.Run(candidates, new AnchorRows(values, anchors, 1), options, kept);
        }

        return
        [
            .. Enumerable
                .Range(0, kept.Count)
                .Select(i => (candidates[kept[i].Candidate], kept[i].Box))
                .Select(pair => (pair.Item1.Anchor, pair.Item1.ClassId, pair.Item1.Score, pair.Box)),
        ];
    }

    private static float[] Predictions(JsonElement test, int nc, int anchors)
    {
        var values = new float[(4 + nc + Coefficients) * anchors];
        values.AsSpan(4 * anchors, nc * anchors).Fill(test.GetProperty("default_score").GetSingle());
        foreach (var column in test.GetProperty("columns").EnumerateArray())
        {
            var anchor = column.GetProperty("a").GetInt32();
            var box = Floats(column.GetProperty("b"));
            for (var i = 0; i < 4; i++)
            {
                values[(i * anchors) + anchor] = box[i];
            }

            foreach (var score in column.GetProperty("s").EnumerateArray())
            {
                values[((4 + score[0].GetInt32()) * anchors) + anchor] = score[1].GetSingle();
            }
        }

        return values;
    }

    private static float[] Transpose(float[] values, int channels, int anchors)
    {
        var result = new float[values.Length];
        for (var channel = 0; channel < channels; channel++)
        {
            for (var anchor = 0; anchor < anchors; anchor++)
            {
                result[(anchor * channels) + channel] = values[(channel * anchors) + anchor];
            }
        }

        return result;
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(value => (int)value.GetDouble())];

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];
}
