using SegBatch.Geometry;
using SegBatch.Masks;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Tracking;

/// <summary>What every tracker must bear: detections that cannot be, frames without any, frame rates that are none, objects by the thousand.</summary>
public sealed class TrackerRobustnessTests
{
    public static TheoryData<string> All => [.. Trackers.Names.Where(name => name != "none")];

    [Theory]
    [MemberData(nameof(All))]
    public void Detections_that_cannot_be_change_nothing(string name)
    {
        TrackInput[] broken =
        [
            new(new Box(float.NaN, 0, 10, 10), 0.9f, 0),
            new(new Box(0, float.NaN, 10, float.NaN), 0.9f, 0),
            new(new Box(float.NegativeInfinity, 0, 10, 10), 0.9f, 0),
            new(new Box(0, 0, float.PositiveInfinity, float.PositiveInfinity), 0.9f, 0),
            new(new Box(50, 50, 20, 20), 0.9f, 0),
            new(new Box(600, 100, 650, 200), float.NaN, 0),
            .. name == "tracktrack" ? (TrackInput[])[] : [new(new Box(30, 30, 30, 80), 0.9f, 0)],
        ];
        var (alone, among) = (Tracker(name), Tracker(name));
        for (var frame = 0; frame < 12; frame++)
        {
            var expected = Update(alone, At(100 + (3 * frame)), At(300));
            var found = Update(among, [At(100 + (3 * frame)), At(300), .. broken]);
            Assert.Equal(expected, found);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Frames_without_detections_and_a_video_of_one_frame_are_borne(string name)
    {
        Assert.Single(Update(Tracker(name), At(100)));
        var tracker = Tracker(name);
        for (var frame = 0; frame < 3; frame++)
        {
            Assert.Empty(Update(tracker));
        }

        // Three sightings are enough for all of them.
        Update(tracker, At(100));
        Update(tracker, At(100));
        Assert.Single(Update(tracker, At(100)));
    }

    /// <summary>An object unseen for ten frames, of 30 that are allowed.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-25)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_frame_rate_that_is_none_leaves_the_buffer_to_count(double frameRate)
    {
        foreach (var (missing, kept) in new[] { (10, true), (40, false) })
        {
            var options = new TrackingOptions { LostSeconds = 1 };
            var tracker = Trackers.Create(options, frameRate);
            var id = Update(tracker, At(100)).Single().TrackId;
            for (var frame = 0; frame < missing; frame++)
            {
                Update(tracker);
            }

            Update(tracker, At(100));
            Assert.Equal(kept, Update(tracker, At(100)).Single().TrackId == id);
        }
    }

    /// <summary>A crowd of 3000 that stands still: all are followed, each by one track.</summary>
    [Theory]
    [InlineData("bytetrack")]
    [InlineData("botsort")]
    [InlineData("masktrack")]
    public void Thousands_are_followed(string name)
    {
        TrackInput[] crowd =
        [
            .. Enumerable
                .Range(0, 3000)
                .Select(i => new TrackInput(new Box(i % 60 * 20, i / 60 * 20, (i % 60 * 20) + 15, (i / 60 * 20) + 15), 0.9f, 0)),
        ];
        var tracker = Tracker(name);
        var ids = Update(tracker, crowd).Select(track => track.TrackId).ToList();
        Assert.Equal(3000, ids.Distinct().Count());
        Assert.Equal(ids, Update(tracker, crowd).Select(track => track.TrackId));
    }

    /// <summary>Masks of no pixels beside boxes with area: the boxes stand for them.</summary>
    [Fact]
    public void Masks_without_pixels_are_borne()
    {
        var size = new FrameSize(400, 300);
        RleMask[] masks = [new(size, (int[])[400 * 300]), new(size, (int[])[400 * 300, 0])];
        var tracker = Tracker("masktrack");
        var tracks = new List<TrackedObject>();
        for (var frame = 0; frame < 5; frame++)
        {
            tracker.Update(new FrameEvidence([At(100 + frame), At(200)]) { Masks = masks }, tracks);
            Assert.Equal([1L, 2L], tracks.Select(track => track.TrackId));
        }
    }

    /// <summary>Patience is what hidden tracks get on top: without any, a track that is just missed waits as long as ever.</summary>
    [Theory]
    [InlineData(10, true)]
    [InlineData(40, false)]
    public void Patience_for_hidden_tracks_takes_nothing_from_others(int missing, bool kept)
    {
        var tracker = Trackers.Create(new TrackingOptions { Tracker = "masktrack", HiddenPatience = 0 }, frameRate: null);
        var id = Update(tracker, At(100)).Single().TrackId;
        for (var frame = 0; frame < missing; frame++)
        {
            Update(tracker);
        }

        Update(tracker, At(100));
        Assert.Equal(kept, Update(tracker, At(100)).Single().TrackId == id);
    }

    private static ITracker Tracker(string name) => Trackers.Create(new TrackingOptions { Tracker = name }, frameRate: null);

    private static TrackInput At(float left) => new(new Box(left, 100, left + 50, 200), 0.9f, 0);

    private static List<TrackedObject> Update(ITracker tracker, params TrackInput[] detections)
    {
        var tracks = new List<TrackedObject>();
        tracker.Update(new FrameEvidence(detections), tracks);
        return tracks;
    }
}
