using SegBatch.Geometry;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Tracking;

public sealed class ByteTrackerTests
{
    private static readonly TrackInput s_object = At(100);

    /// <summary>A buffer of 30 frames keeps an id over 31 missing ones: a track given up can be matched for one more frame.</summary>
    [Theory]
    [InlineData(30, 1)]
    [InlineData(31, 1)]
    [InlineData(32, 2)]
    public void Ids_outlive_the_buffer_by_one_frame(int missing, long expectedId) =>
        Assert.Equal(expectedId, IdAfterGap(new ByteTracker(new TrackingOptions(), frameRate: null), missing));

    [Fact]
    public void A_track_found_again_after_it_was_given_up_is_dropped_when_lost_anew()
    {
        var tracker = new ByteTracker(new TrackingOptions(), frameRate: null);
        Assert.Equal(1, IdAfterGap(tracker, missing: 31));
        Assert.Equal(2, IdAfterGap(tracker, missing: 3));
    }

    [Theory]
    [InlineData(1.0, 10.0, 11, 1)]
    [InlineData(1.0, 10.0, 12, 2)]
    [InlineData(0.5, 29.97, 16, 1)]
    [InlineData(0.5, 29.97, 17, 2)]
    public void Seconds_count_by_the_frame_rate(double lostSeconds, double frameRate, int missing, long expectedId) =>
        Assert.Equal(expectedId, IdAfterGap(new ByteTracker(new TrackingOptions { LostSeconds = lostSeconds }, frameRate), missing));

    [Fact]
    public void Without_a_frame_rate_the_buffer_counts()
    {
        var options = new TrackingOptions { LostSeconds = 100, TrackBuffer = 2 };
        Assert.Equal(2, IdAfterGap(new ByteTracker(options, frameRate: null), missing: 4));
    }

    [Fact]
    public void New_tracks_show_at_once_only_in_the_first_frame()
    {
        var tracker = new ByteTracker(new TrackingOptions(), frameRate: null);
        Assert.Equal([1], Ids(tracker, s_object));
        Assert.Equal([1], Ids(tracker, s_object, At(500)));
        Assert.Equal([1, 2], Ids(tracker, s_object, At(500)));
        Assert.Equal([1, 2], Ids(tracker, s_object, At(500), At(900)));
        Assert.Equal([1, 2], Ids(tracker, s_object, At(500))); // the third is removed at its first miss, its number is used up
        Assert.Equal([1, 2], Ids(tracker, s_object, At(500), At(900)));
        Assert.Equal([1, 2, 4], Ids(tracker, s_object, At(500), At(900)));
    }

    [Fact]
    public void Tracks_found_again_come_after_new_ones()
    {
        var tracker = new ByteTracker(new TrackingOptions(), frameRate: null);
        Assert.Equal([1, 2, 3], Ids(tracker, At(100), At(500), At(900)));
        Assert.Equal([1, 3], Ids(tracker, At(100), At(900)));
        Assert.Equal([1, 3], Ids(tracker, At(100), At(900)));
        Assert.Equal([1, 3, 2], Ids(tracker, At(100), At(500), At(900), At(1300)));
        Assert.Equal([1, 3, 4, 2], Ids(tracker, At(100), At(500), At(900), At(1300)));
    }

    [Fact]
    public void Boxes_without_area_are_ignored()
    {
        var tracker = new ByteTracker(new TrackingOptions(), frameRate: null);
        Assert.Empty(Ids(tracker, new TrackInput(new Box(10, 10, 10, 50), 0.9f, 0), new TrackInput(new Box(10, 10, 50, 10), 0.9f, 0)));
    }

    [Fact]
    public void Scores_compare_in_single_precision()
    {
        var tracker = new ByteTracker(new TrackingOptions(), frameRate: null);
        Assert.Equal([1, 2], Ids(tracker, At(100, 0.25f), At(500, 0.9f)));
        Assert.Equal([2], Ids(tracker, At(100, 0.1f), At(500, 0.11f)));
        Assert.Equal([2], Ids(tracker, At(100, 0.11f), At(500, 0.11f))); // the second association does not find lost tracks again
    }

    [Fact]
    public void Without_a_tracker_nothing_is_shown()
    {
        var tracks = new List<TrackedObject> { new(1, 0, default) };
        Trackers.Create(new TrackingOptions { Tracker = "none" }, frameRate: 25).Update(new FrameEvidence([s_object]), tracks);
        Assert.Empty(tracks);
    }

    [Fact]
    public void An_unknown_tracker_is_refused_with_the_names_known()
    {
        var error = Assert.Throws<ArgumentException>(() => Trackers.Create(new TrackingOptions { Tracker = "sort" }, frameRate: 25));
        Assert.Contains(
            "bytetrack, botsort, ocsort, deepocsort, fasttrack, tracktrack, masktrack, none",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Another_tracker_brings_its_own_thresholds_where_none_were_set()
    {
        var options = new TrackingOptions { NewTrackThresh = 0.4f, Tracker = "deepocsort" };
        Assert.Equal(("deepocsort", 0.3f, 0.4f), (options.Tracker, options.TrackHighThresh, options.NewTrackThresh));
        Assert.Equal(0.25f, (options with { Tracker = "ocsort" }).TrackHighThresh);
    }

    [Theory]
    [InlineData("bytetrack")]
    [InlineData("botsort")]
    [InlineData("ocsort")]
    [InlineData("fasttrack")]
    public void Once_warm_a_frame_allocates_nothing(string name)
    {
        var random = new Random(3);
        var frames = Enumerable.Range(0, 400).Select(_ => Crowd(random, 50)).ToArray();
        var tracker = Trackers.Create(new TrackingOptions { Tracker = name, UseByte = true }, frameRate: null);
        var tracks = new List<TrackedObject>();
        foreach (var frame in frames)
        {
            tracker.Update(new FrameEvidence(frame), tracks);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var frame in frames)
        {
            tracker.Update(new FrameEvidence(frame), tracks);
        }

        // A list of tracklets may still double once; it is the frames that must cost nothing.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16 * 1024);
        Assert.NotEmpty(tracks);
    }

    /// <summary>Fifty walkers on a grid: some hidden, some faint, all shaking.</summary>
    private static TrackInput[] Crowd(Random random, int count) =>
        Enumerable
            .Range(0, count)
            .Where(_ => random.NextDouble() > 0.1)
            .Select(i =>
            {
                var (left, top) = (i % 10 * 150 + random.NextSingle() * 6, i / 10 * 200 + random.NextSingle() * 6);
                return new TrackInput(new Box(left, top, left + 90, top + 170), 0.12f + 0.8f * random.NextSingle(), 0);
            })
            .ToArray();

    private static TrackInput At(float left, float score = 0.9f) => new(new Box(left, 100, left + 50, 200), score, 0);

    private static long[] Ids(ByteTracker tracker, params TrackInput[] detections)
    {
        var tracks = new List<TrackedObject>();
        tracker.Update(new FrameEvidence(detections), tracks);
        return [.. tracks.Select(track => track.TrackId)];
    }

    /// <summary>Id shown after an object was seen for a while, missed for some frames, and seen for two more.</summary>
    private static long IdAfterGap(ByteTracker tracker, int missing)
    {
        for (var i = 0; i < 5; i++)
        {
            Ids(tracker, s_object);
        }

        for (var i = 0; i < missing; i++)
        {
            Assert.Empty(Ids(tracker));
        }

        Ids(tracker, s_object);
        return Assert.Single(Ids(tracker, s_object));
    }
}
