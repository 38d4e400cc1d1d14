using System.Text.Json;
using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Masks;

public sealed class MaskAlgebraTests
{
    [Fact]
    public void Recorded_overlaps_are_reproduced()
    {
        using var recording = RecordedData.Json("rle_iou_pairs.json");
        CheckOverlaps(recording, expectedPairs: 21);
    }

    [Fact]
    public void All_recorded_overlaps_are_reproduced()
    {
        using var recording = SharedData.Json("reference/oracle/02_rle/iou_pairs.json");
        CheckOverlaps(recording, expectedPairs: 50);
    }

    [Fact]
    public void Recorded_merges_are_reproduced()
    {
        using var recording = RecordedData.Json("rle_merge.json");
        CheckMerges(recording, expectedMerges: 10);
    }

    [Fact]
    public void All_recorded_merges_are_reproduced()
    {
        using var recording = SharedData.Json("reference/oracle/02_rle/merge.json");
        CheckMerges(recording, expectedMerges: 30);
    }

    [Fact]
    public void Empty_masks_overlap_by_nothing()
    {
        var empty = new RleMask(new(4, 3), new[] { 12 });
        var full = new RleMask(new(4, 3), new[] { 0, 12 });
        Assert.Equal(0, MaskIoU.IoU(empty, empty));
        Assert.Equal(0, MaskIoU.IoU(empty, full, crowd: true));
        Assert.Equal([12], MaskMerge.Intersection(empty, full).Counts.ToArray());
        Assert.Equal([0, 12], MaskMerge.Union(empty, full).Counts.ToArray());
    }

    [Fact]
    public void Runs_of_length_zero_do_not_matter()
    {
        var plain = new RleMask(new(4, 3), new[] { 2, 5, 5 });
        var split = new RleMask(new(4, 3), new[] { 1, 0, 1, 3, 0, 2, 5, 0 });
        Assert.Equal(1, MaskIoU.IoU(plain, split));
        Assert.Equal(plain.Bounds, split.Bounds);
        Assert.Equal(plain.Counts.ToArray(), MaskMerge.Intersection(split, split).Counts.ToArray());
        Assert.Equal(plain.Counts.ToArray(), MaskMerge.Union(split, plain).Counts.ToArray());
    }

    [Fact]
    public void Masks_of_different_frames_are_refused()
    {
        var (a, b) = (new RleMask(new(4, 3), new[] { 12 }), new RleMask(new(3, 4), new[] { 12 }));
        Assert.Throws<ArgumentException>(() => MaskIoU.IoU(a, b));
        Assert.Throws<ArgumentException>(() => MaskMerge.Union(a, b));
        Assert.Throws<ArgumentException>(() => MaskMerge.Union());
    }

    private static void CheckOverlaps(JsonDocument recording, int expectedPairs)
    {
        var pairs = recording.RootElement.GetProperty("pairs");
        Assert.Equal(expectedPairs, pairs.GetArrayLength());
        foreach (var pair in pairs.EnumerateArray())
        {
            var (a, b) = (Mask(pair, pair.GetProperty("a")), Mask(pair, pair.GetProperty("b")));
            Assert.Equal(pair.GetProperty("inter").GetInt64(), MaskIoU.Intersection(a, b));
            Assert.Equal(pair.GetProperty("iou").GetDouble(), MaskIoU.IoU(a, b), 1e-12);
            Assert.Equal(pair.GetProperty("iou_b_is_crowd").GetDouble(), MaskIoU.IoU(a, b, crowd: true), 1e-12);
        }
    }

    private static void CheckMerges(JsonDocument recording, int expectedMerges)
    {
        var merges = recording.RootElement.GetProperty("merges");
        Assert.Equal(expectedMerges, merges.GetArrayLength());
        foreach (var merge in merges.EnumerateArray())
        {
            var masks = merge.GetProperty("masks").EnumerateArray().Select(counts => Mask(merge, counts)).ToArray();
            var union = MaskMerge.Union(masks);
            Assert.Equal(merge.GetProperty("union").GetString(), CocoRle.ToString(union.Counts.Span));
            Assert.Equal(merge.GetProperty("union_area").GetInt64(), union.Area);
            var intersection = MaskMerge.Intersection(masks);
            Assert.Equal(merge.GetProperty("intersection").GetString(), CocoRle.ToString(intersection.Counts.Span));
            Assert.Equal(merge.GetProperty("intersection_area").GetInt64(), intersection.Area);
        }
    }

    private static RleMask Mask(JsonElement item, JsonElement counts) =>
        new(new FrameSize(item.GetProperty("w").GetInt32(), item.GetProperty("h").GetInt32()), CocoRle.Decode(counts.GetString()));
}
