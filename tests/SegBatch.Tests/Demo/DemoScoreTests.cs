using Xunit;

namespace SegBatch.Tests.Demo;

/// <summary>The judge judged: scenes small enough to work the figures out by hand.</summary>
public sealed class DemoScoreTests
{
    // 4 × 4 pixels, column by column: the left half, the right half, the left quarter, all but the last column.
    private const string LeftHalf = "088";
    private const string RightHalf = "88";
    private const string LeftQuarter = "04<";
    private const string LeftThreeQuarters = "0<4";

    [Fact]
    public void Perfect_results_score_one()
    {
        var truth = Frames(3, track: 1, LeftHalf).Concat(Frames(3, track: 2, RightHalf)).ToList();
        var found = Frames(3, track: 7, LeftHalf).Concat(Frames(3, track: 9, RightHalf)).ToList();
        Assert.Equal(new DemoScore(1, 1, 1, 1, 1, 6, 6), DemoScore.Compute(truth, found));
    }

    [Fact]
    public void A_mask_below_half_overlap_is_wrong_and_one_above_is_right()
    {
        var truth = Frames(2, track: 1, LeftHalf).ToList();
        Assert.Equal(2.0 / 3, DemoScore.Compute(truth, [.. Frames(2, track: 1, LeftThreeQuarters)]).MeanIoU, 1e-12);
        Assert.Equal(0.5, DemoScore.Compute(truth, [.. Frames(2, track: 1, LeftQuarter)]).MeanIoU, 1e-12);
        Assert.Equal(0, DemoScore.Compute(truth, [.. Frames(2, track: 1, RightHalf)]).MaskAp50);
        Assert.Equal(0, DemoScore.Compute(truth, [.. Frames(2, track: 1, LeftHalf, classId: 1)]).MaskAp50);
    }

    /// <summary>Right, wrong, right by falling score, of three: precision 1 up to recall 1/3, then 2/3 up to recall 2/3.</summary>
    [Fact]
    public void Average_precision_goes_by_falling_score()
    {
        var truth = Frames(3, track: 1, LeftHalf).ToList();
        List<ScoredObject> found = [Item(0, 1, LeftHalf, score: 0.9), Item(1, 1, RightHalf, score: 0.8), Item(2, 1, LeftHalf, score: 0.7)];
        var score = DemoScore.Compute(truth, found);
        Assert.Equal(1.0 / 3 + 2.0 / 9, score.MaskAp50, 1e-12);
        Assert.Equal(2.0 / 3, score.Precision, 1e-12);
        Assert.Equal(2.0 / 3, score.Recall, 1e-12);
    }

    [Fact]
    public void A_second_find_of_one_object_is_wrong()
    {
        var score = DemoScore.Compute([Item(0, 1, LeftHalf)], [Item(0, 1, LeftHalf, score: 0.9), Item(0, 2, LeftHalf, score: 0.8)]);
        Assert.Equal(0.5, score.Precision);
        Assert.Equal(1, score.MaskAp50);
    }

    [Fact]
    public void Ids_count_by_the_most_frequent_and_for_one_object_only()
    {
        var truth = Frames(4, track: 1, LeftHalf).Concat(Frames(4, track: 2, RightHalf)).ToList();
        List<ScoredObject> found =
        [
            .. Enumerable.Range(0, 4).Select(frame => Item(frame, frame < 3 ? 5 : 6, LeftHalf)), // three of four
            .. Enumerable.Range(0, 4).Select(frame => Item(frame, frame < 2 ? 5 : null, RightHalf)), // an id that is taken, and none
        ];
        Assert.Equal(3.0 / 8, DemoScore.Compute(truth, found).IdConsistency);
    }

    [Fact]
    public void What_is_to_be_ignored_neither_helps_nor_harms()
    {
        List<ScoredObject> truth = [Item(0, 1, LeftHalf), Item(0, 2, RightHalf) with { Ignore = true }];
        Assert.Equal(1, DemoScore.Compute(truth, [Item(0, 1, LeftHalf)]).Recall);
        Assert.Equal(1, DemoScore.Compute(truth, [Item(0, 1, LeftHalf), Item(0, 2, RightHalf)]).Precision);
    }

    [Fact]
    public void A_mask_of_another_size_is_refused() =>
        Assert.Throws<FormatException>(() => DemoScore.Compute([], [Item(0, 1, LeftHalf) with { Width = 5 }]));

    private static IEnumerable<ScoredObject> Frames(int count, long track, string mask, int classId = 0) =>
        Enumerable.Range(0, count).Select(frame => Item(frame, track, mask) with { ClassId = classId });

    private static ScoredObject Item(long frame, long? track, string mask, double score = 0.9) =>
        new("clip", frame, track, 0, score, mask, Height: 4, Width: 4);
}
