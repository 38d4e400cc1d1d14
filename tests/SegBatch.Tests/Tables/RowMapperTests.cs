using System.Text;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;
using SegBatch.Tables;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Tables;

public class RowMapperTests
{
    private static readonly TableContext Context = new()
    {
        Conf = 0.5f,
        ClassNames = ["person", "car"],
        VideoPath = "/archive/gate.mp4",
        ModelSha256 = "00",
        OptionsJson = "{}",
    };

    // 4 × 3 pixels, column by column: columns 1 and 2 hold rows 1 and 2. Runs: 4 zeros, 2 ones, 1 zero, 2 ones, 3 zeros.
    private static readonly RleMask Square = new(new FrameSize(4, 3), new[] { 4, 2, 1, 2, 3 });
    private static readonly RleMask Empty = new(new FrameSize(4, 3), new[] { 12 });

    [Fact]
    public void Strong_detections_and_claimed_weak_ones_become_instances_the_others_candidates()
    {
        var mapper = new RowMapper("gate", Context);
        using var frame = Frame(
            [Detection(0.9f), Detection(0.5f), Detection(0.4f), Detection(0.3f)],
            [new TrackedObject(7, 2, new Box(0, 0, 2, 2)), new TrackedObject(3, 0, new Box(-1, 0, 2, 2))]
        );

        mapper.Map(frame);

        Assert.Equal([0, 1, 2], mapper.Instances.ToArray().Select(row => row.Instance));
        Assert.Equal([3, null, 7], mapper.Instances.ToArray().Select(row => row.TrackId));
        Assert.Equal([new Box(-1, 0, 2, 2), null, new Box(0, 0, 2, 2)], mapper.Instances.ToArray().Select(row => row.TrackBox));
        Assert.Equal(3, Assert.Single(mapper.Candidates.ToArray()).Instance);
        Assert.Equal(3, mapper.Frame.Instances);
    }

    [Fact]
    public void Candidates_are_dropped_where_they_are_not_wanted()
    {
        var mapper = new RowMapper("gate", Context with { WriteCandidates = false });
        using var frame = Frame([Detection(0.4f)], []);

        mapper.Map(frame);

        Assert.True(mapper.Instances.IsEmpty);
        Assert.True(mapper.Candidates.IsEmpty);
    }

    [Fact]
    public void What_classes_cover_becomes_regions_where_that_is_wanted()
    {
        using var frame = Frame([], [], new ClassRegion(1, Square));
        var mapper = new RowMapper("gate", Context with { WriteRegions = true });
        mapper.Map(frame);

        var row = Assert.Single(mapper.Regions.ToArray());
        Assert.Equal((1, "car", 4L, 4 / 12.0), (row.ClassId, row.ClassName, row.MaskArea, row.Share));
        Assert.Equal([4, 2, 1, 2, 3], CocoRle.Decode(Encoding.ASCII.GetString(row.MaskRle.Span)));

        var plain = new RowMapper("gate", Context);
        plain.Map(frame);
        Assert.True(plain.Regions.IsEmpty);
    }

    [Fact]
    public void A_row_carries_the_mask_as_text_with_area_and_centroid()
    {
        var mapper = new RowMapper("gate", Context);
        using var frame = Frame(
            [Detection(0.9f) with { ClassId = 1, Mask = Square }, Detection(0.8f) with { ClassId = 9, Mask = Empty }],
            []
        );

        mapper.Map(frame);
        var (square, empty) = (mapper.Instances[0], mapper.Instances[1]);

        // By hand: 4, 2, 1, then differences to the count two before: 2 - 2 = 0 and 3 - 1 = 2; one character each, 48 + value.
        Assert.Equal("42102", Encoding.ASCII.GetString(square.MaskRle.Span));
        Assert.Equal(4, square.MaskArea);
        Assert.Equal((2, 2), square.Centroid); // pixels 1 and 2 of each axis: centres 1.5 and 2.5
        Assert.Equal("car", square.ClassName);
        Assert.Equal("<", Encoding.ASCII.GetString(empty.MaskRle.Span)); // 48 + 12
        Assert.Null(empty.Centroid);
        Assert.Equal("9", empty.ClassName);
    }

    [Fact]
    public void A_centroid_is_what_the_table_can_hold()
    {
        // Three pixels of column 1 of 4 × 7: rows 0, 1 and 4. Their mean row is 13 / 6, which no float holds.
        var mask = new RleMask(new FrameSize(4, 7), new[] { 7, 2, 2, 1, 16 });
        var mapper = new RowMapper("gate", Context);
        using var frame = Frame([Detection(0.9f) with { Mask = mask }], []);

        mapper.Map(frame);

        Assert.Equal((1.5, (double)(float)(13 / 6d)), mapper.Instances[0].Centroid);
        Assert.NotEqual(13 / 6d, (double)(float)(13 / 6d));
    }

    [Fact]
    public void Text_of_many_masks_stays_whole_while_buffers_grow()
    {
        // A chessboard column of 3,000 runs takes more than half of the first buffer.
        var runs = new RleMask(new FrameSize(1, 3000), Enumerable.Repeat(1, 3000).ToArray());
        var mapper = new RowMapper("gate", Context);
        using var frame = Frame([.. Enumerable.Range(0, 20).Select(_ => Detection(0.9f) with { Mask = runs })], []);

        mapper.Map(frame);

        var expected = "111" + new string('0', 2997);
        foreach (var row in mapper.Instances)
        {
            Assert.Equal(expected, Encoding.ASCII.GetString(row.MaskRle.Span));
        }
    }

    [Fact]
    public void The_frame_row_repeats_the_frame()
    {
        var mapper = new RowMapper("photos", Context);
        using var frame = Frame([], []);
        (frame.Frame.Pts, frame.Frame.File, frame.Frame.Corrupt) = (null, "a.jpg", true);

        mapper.Map(frame);

        Assert.Equal(new FrameRow("photos", 5, null, new Rational(1, 25), 0.2, new FrameSize(4, 3), 0, true, "a.jpg"), mapper.Frame);
    }

    [Theory]
    [InlineData(1, "does not exist")]
    [InlineData(-1, "does not exist")]
    [InlineData(0, "another track")]
    public void A_track_without_a_detection_of_its_own_is_refused(int detection, string reason)
    {
        var mapper = new RowMapper("gate", Context);
        using var frame = Frame([Detection(0.9f)], [new TrackedObject(1, 0, default), new TrackedObject(2, detection, default)]);

        Assert.Contains(reason, Assert.Throws<InvalidOperationException>(() => mapper.Map(frame)).Message, StringComparison.Ordinal);
    }

    private static DetectedObject Detection(float score) => new(new Box(0, 0, 2, 2), score, 0, Square);

    private static TrackedFrame Frame(DetectedObject[] detections, List<TrackedObject> tracks, params ClassRegion[] regions)
    {
        var frame = new VideoFrame(new FramePool(1));
        (frame.Index, frame.Pts, frame.TimeBase) = (5, 5, new Rational(1, 25));
        (frame.TimeSeconds, frame.Size) = (0.2, new FrameSize(4, 3));
        var list = new DetectionList();
        list.Items.AddRange(detections);
        list.Regions.AddRange(regions);
        return new TrackedFrame(new DetectedFrame(frame, list), tracks);
    }
}
