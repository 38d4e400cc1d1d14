using SegBatch.Geometry;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Tracking;

/// <summary>Tracks and detections compared by what they look like, with vectors made by hand.</summary>
public sealed class AppearanceMatchingTests
{
    private const int Turn = 30;

    private static readonly float[] s_red = [1, 0, 0];
    private static readonly float[] s_blue = [0, 1, 0];
    private static readonly float[] s_unseen = [0, 0, 0];

    /// <summary>
    /// Two people walk towards each other, meet and turn back. By boxes alone each seems to walk on through the other: ids swap.
    /// </summary>
    [Theory]
    [InlineData("botsort", false)]
    [InlineData("botsort", true)]
    [InlineData("tracktrack", false)]
    [InlineData("tracktrack", true)]
    public void Two_people_who_turn_back_swap_ids_by_boxes_and_keep_them_by_looks(string name, bool withReid)
    {
        var tracker = Trackers.Create(new TrackingOptions { Tracker = name, WithReid = withReid }, frameRate: null);
        var tracks = new List<TrackedObject>();
        for (var frame = 0; frame <= 2 * Turn; frame++)
        {
            var place = 8 * Math.Min(frame, 2 * Turn - frame); // there, and back again
            tracker.Update(Frame((At(100 + place), s_red), (At(580 - place), s_blue)), tracks);
            Assert.Equal(2, tracks.Count);
        }

        // Detection 0 is the red one throughout, and was track 1 in the first frame.
        var red = tracks.Single(track => track.DetectionIndex == 0);
        Assert.Equal(withReid ? 1 : 2, red.TrackId);
    }

    /// <summary>Half the cosine distance, from cosines that are known without a computation: 1, 0, -1, 1/2, 3/5.</summary>
    [Fact]
    public void The_distance_of_looks_is_half_the_cosine_distance()
    {
        var looks = new AppearanceMatching(new TrackingOptions { Tracker = "botsort" });
        var track = Seen(looks, s_red);
        looks.Take(
            Frame((At(0), s_red), (At(0), s_blue), (At(0), [-1, 0, 0]), (At(0), [0.5f, MathF.Sqrt(3) / 2, 0]), (At(0), [0.6f, 0.8f, 0]))
        );
        Assert.Equal([0f, 0.5f, 1f, 0.25f, 0.2f], Enumerable.Range(0, 5).Select(i => MathF.Round(looks.Distance(track, i)!.Value, 6)));
    }

    [Fact]
    public void What_nobody_looked_at_has_no_distance()
    {
        var looks = new AppearanceMatching(new TrackingOptions { Tracker = "botsort" });
        var (known, unknown) = (Seen(looks, s_red), Seen(looks, s_unseen));
        looks.Take(Frame((At(0), s_red), (At(0), s_unseen)));
        Assert.Equal(0, looks.Distance(known, 0));
        Assert.Null(looks.Distance(known, 1));
        Assert.Null(looks.Distance(unknown, 0));
        looks.Take(new FrameEvidence([At(0)])); // no model
        Assert.Null(looks.Distance(known, 0));
    }

    /// <summary>Average of 0.9 old and 0.1 new, of unit length again: worked out by hand for right angles.</summary>
    [Fact]
    public void A_track_remembers_what_it_looked_like()
    {
        var looks = new AppearanceMatching(new TrackingOptions { Tracker = "botsort" });
        var track = Seen(looks, s_red);
        track.Remember(s_blue);
        var length = Math.Sqrt(0.81 + 0.01);
        Assert.Equal(0.9 / length, track.Appearance![0], 1e-6);
        Assert.Equal(0.1 / length, track.Appearance[1], 1e-6);
        track.Start(2, At(0).Box, 0, 1, TrackState.Confirmed); // used for another track
        Assert.Null(track.Appearance);
    }

    /// <summary>
    /// Cost is 1 - IoU × score or the distance of looks, whichever is less; looks count up to 1 - appearance_thresh, and where
    /// 1 - IoU is up to 1 - proximity_thresh.
    /// </summary>
    [Theory]
    [InlineData(0f, 0.0, 0.0)] // the same place, the same looks
    [InlineData(20f, 0.0, 0.0)] // 1 - IoU = 1 - 80 / 120 = 1/3
    [InlineData(40f, 0.0, 1 - 60.0 / 140 * 0.9)] // 1 - IoU = 1 - 60 / 140 > 0.5: too far
    [InlineData(20f, 0.15, 0.15)]
    [InlineData(20f, 0.25, 1 - 80.0 / 120 * 0.9)] // too unlike
    public void Looks_count_for_pairs_that_are_near_and_alike(float shift, double looks, double expected)
    {
        var matching = new AppearanceMatching(
            new TrackingOptions
            {
                Tracker = "botsort",
                ProximityThresh = 0.5f,
                AppearanceThresh = 0.8f,
            }
        );
        var track = Seen(matching, s_red);
        var cosine = 1 - 2 * looks;
        var vector = new[] { (float)cosine, (float)Math.Sqrt(1 - cosine * cosine), 0 };
        var moved = At(shift);
        matching.Take(Frame((moved, vector)));
        float[] costs = [1 - Box.IoU(At(0).Box, moved.Box)];
        matching.Combine([track], [0], [moved], costs);
        Assert.Equal(expected, costs[0], 1e-5);
    }

    [Fact]
    public void Only_trackers_that_compare_looks_ask_for_them()
    {
        Assert.Null(Trackers.ComparesLooksFrom(new TrackingOptions { Tracker = "botsort" }));
        Assert.Null(Trackers.ComparesLooksFrom(new TrackingOptions { Tracker = "bytetrack", WithReid = true }));
        Assert.Equal(
            0.2f,
            Trackers.ComparesLooksFrom(
                new TrackingOptions
                {
                    Tracker = "tracktrack",
                    WithReid = true,
                    TrackLowThresh = 0.2f,
                }
            )
        );
        Assert.Equal(
            0.4f,
            Trackers.ComparesLooksFrom(
                new TrackingOptions
                {
                    Tracker = "botsort",
                    WithReid = true,
                    TrackHighThresh = 0.4f,
                }
            )
        );
    }

    private static Tracklet Seen(AppearanceMatching looks, float[] vector)
    {
        var track = new Tracklet(BoxKalmanFilter.Xywh, observationAge: 0, statesKept: 0);
        track.Start(1, At(0).Box, 0, 1, TrackState.Confirmed);
        looks.Take(Frame((At(0), vector)));
        looks.Remember([track], frame: 1);
        return track;
    }

    private static TrackInput At(float left) => new(new Box(left, 100, left + 100, 300), 0.9f, 0);

    private static FrameEvidence Frame(params (TrackInput Detection, float[] Looks)[] objects) =>
        new(objects.Select(item => item.Detection).ToArray()) { Appearance = objects.SelectMany(item => item.Looks).ToArray() };
}
