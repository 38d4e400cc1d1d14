using SegBatch.Geometry;
using SegBatch.Stitching;
using Xunit;

namespace SegBatch.Tests.Stitching;

/// <summary>Hand-made tracks whose right answer is plain to see. 25 frames a second where nothing else is said.</summary>
public sealed class OfflinePassTests
{
    private const int Frames = 200;

    private static readonly double[] s_times = [.. Enumerable.Range(0, Frames).Select(frame => frame / 25.0)];

    [Fact]
    public void An_empty_video_stays_empty()
    {
        var plan = OfflinePass.Plan([], s_times, 0.25f, new OfflineOptions());
        Assert.Empty(plan.Tracks);
        Assert.Empty(plan.Gaps);
        Assert.Empty(OfflinePass.Plan([], [], 0.25f, new OfflineOptions()).Tracks);
    }

    /// <summary>Two objects run into each other, vanish, and come out on the other sides: what is nearest is the wrong one.</summary>
    [Fact]
    public void Motion_decides_when_two_cross_in_the_gap()
    {
        var plan = Plan([.. Path(1, 0, 45, Right), .. Path(2, 0, 45, Left), .. Path(3, 55, 99, Left), .. Path(4, 55, 99, Right)]);

        Assert.Equal([(1L, 0, 99), (2L, 0, 99)], Ends(plan));
        Assert.Equal(1, plan.TrackOf(99, 4, 4));
        Assert.Equal(2, plan.TrackOf(99, 3, 3));
        Assert.Equal(2, plan.Stitched);

        static double Right(int frame) => 200 + 4 * frame;

        static double Left(int frame) => 600 - 4 * frame;
    }

    [Fact]
    public void A_track_has_one_continuation_at_most()
    {
        // Two starts near one end: the one in its way gets it.
        var after = Plan([.. Path(1, 0, 40, _ => 300), .. Path(2, 50, 90, _ => 302), .. Path(3, 50, 90, _ => 330)]);
        Assert.Equal([(1L, 0, 90), (3L, 50, 90)], Ends(after));

        // Two ends near one start.
        var before = Plan([.. Path(1, 0, 40, _ => 330), .. Path(2, 0, 40, _ => 302), .. Path(3, 50, 90, _ => 300)]);
        Assert.Equal([(1L, 0, 40), (2L, 0, 90)], Ends(before));
    }

    /// <summary>
    /// Ends at 300 and 330, starts at 276 and 306. The cheapest pair of all is 300 → 306, but then 330 → 276 is too far. All four
    /// find a partner if 300 goes to 276 and 330 to 306.
    /// </summary>
    [Fact]
    public void The_least_sum_wins_over_the_cheapest_pair()
    {
        Sighting[] a = [.. Path(1, 0, 40, _ => 300)];
        Sighting[] b = [.. Path(2, 0, 40, _ => 330)];
        Sighting[] c = [.. Path(3, 66, 99, _ => 306)];
        Sighting[] d = [.. Path(4, 66, 99, _ => 276)];
        Assert.True(Cost(a, c) < Cost(a, d) && Cost(a, c) < Cost(b, c), "the trap: the cheapest pair is no part of the best answer");
        Assert.True(Cost(b, d) > StitchCost.Limit && Cost(a, d) < StitchCost.Limit && Cost(b, c) < StitchCost.Limit);

        var plan = Plan([.. a, .. b, .. c, .. d]);
        Assert.Equal([(1L, 0, 99), (2L, 0, 99)], Ends(plan));
        Assert.Equal(1, plan.TrackOf(99, 4, 4));
    }

    [Fact]
    public void Tracks_that_are_there_at_the_same_time_stay_two()
    {
        var plan = Plan([.. Path(1, 0, 40, _ => 300), .. Path(2, 40, 90, _ => 300)]);
        Assert.Equal([(1L, 0, 40), (2L, 40, 90)], Ends(plan));
    }

    [Theory]
    [InlineData(2.0, 1)]
    [InlineData(1.0, 2)]
    public void A_gap_may_be_as_long_as_the_options_say(double maxGap, int tracks)
    {
        var plan = Plan([.. Path(1, 0, 40, _ => 300), .. Path(2, 80, 120, _ => 300)], new OfflineOptions { MaxGap = maxGap });
        Assert.Equal(tracks, plan.Tracks.Count);
    }

    [Fact]
    public void Something_of_another_size_or_shape_is_another_object()
    {
        var small = Path(2, 45, 90, _ => 300).Select(sighting => sighting with { Box = new Box(292, 92, 308, 108), Area = 256 });
        Assert.Equal(2, Plan([.. Path(1, 0, 40, _ => 300), .. small]).Tracks.Count);

        var flat = Path(2, 45, 90, _ => 300).Select(sighting => sighting with { Box = new Box(220, 90, 380, 110), Area = 1600 });
        Assert.Equal(2, Plan([.. Path(1, 0, 40, _ => 300), .. flat]).Tracks.Count);
    }

    [Fact]
    public void A_joined_track_keeps_its_smallest_number_and_the_others_theirs()
    {
        Sighting[] sightings =
        [
            .. Path(9, 0, 30, _ => 100),
            .. Path(4, 40, 70, _ => 100),
            .. Path(6, 80, 110, _ => 100),
            .. Path(5, 0, 110, _ => 500),
            .. Path(2, 20, 90, _ => 800),
        ];
        var plan = Plan(sightings);
        Assert.Equal([(2L, 20, 90), (4L, 0, 110), (5L, 0, 110)], Ends(plan));

        var shuffled = (Sighting[])sightings.Clone();
        new Random(1).Shuffle(shuffled);
        Assert.Equal(Ends(plan), Ends(Plan(shuffled)));
    }

    [Fact]
    public void Ghosts_are_dissolved_but_not_what_the_video_cuts_off()
    {
        Sighting[] sightings =
        [
            .. Path(1, 0, 0, _ => 100),
            .. Path(2, 50, 50, _ => 300),
            .. Path(3, 60, 61, _ => 500),
            .. Path(4, Frames - 1, Frames - 1, _ => 700),
        ];
        var plan = Plan(sightings);
        Assert.Equal([1L, 3, 4], plan.Tracks.Select(track => track.Id));
        Assert.Null(plan.TrackOf(50, 2, 2));
        Assert.Equal(1, plan.Dissolved);
        Assert.Equal([1L, 4], Plan(sightings, new OfflineOptions { MinSightings = 3 }).Tracks.Select(track => track.Id));
        Assert.Equal(4, Plan(sightings, new OfflineOptions { MinSightings = 1 }).Tracks.Count);
    }

    [Fact]
    public void A_ghost_in_the_way_of_a_track_is_a_part_of_it()
    {
        var plan = Plan([.. Path(1, 0, 40, _ => 300), .. Path(2, 45, 45, _ => 300), .. Path(3, 50, 90, _ => 300)]);
        Assert.Equal([(1L, 0, 90)], Ends(plan));
    }

    [Fact]
    public void Detections_without_a_track_are_taken_in_where_the_track_was_missed()
    {
        Sighting Free(int frame, double x, float score, int instance) => At(frame, x, 0, instance, score);
        var plan = Plan(
            [
                .. Path(1, 10, 40, _ => 300),
                .. Path(2, 50, 90, _ => 300),
                Free(45, 301, 0.12f, 7), // weak, but in a gap
                Free(46, 380, 0.9f, 7), // somewhere else
                Free(9, 300, 0.5f, 7), // the one before the track was confirmed
                Free(91, 300, 0.2f, 7), // too weak next to an end
            ]
        );

        Assert.Equal([(1L, 9, 90)], Ends(plan));
        Assert.Equal(
            (1L, null, 1L, null),
            (plan.TrackOf(45, 7, null), plan.TrackOf(46, 7, null), plan.TrackOf(9, 7, null), plan.TrackOf(91, 7, null))
        );
        Assert.Equal([(40, 45), (45, 50)], plan.Gaps.Select(gap => (gap.Before.Frame, gap.After.Frame)));
    }

    [Fact]
    public void The_class_is_voted_by_score()
    {
        var plan = Plan(
            [
                .. Path(1, 0, 20, _ => 300).Select(sighting => sighting with { ClassId = 5, Score = 0.9f }),
                .. Path(2, 25, 50, _ => 300).Select(sighting => sighting with { ClassId = sighting.Frame % 2 == 0 ? 5 : 3, Score = 0.5f }),
            ]
        );
        Assert.Equal(5, Assert.Single(plan.Tracks).MajorityClass());
        Assert.Equal([3, 5], plan.Tracks[0].ScoreByClass().Keys);
        Assert.Equal(21 * 0.9 + 13 * 0.5, plan.Tracks[0].ScoreByClass()[5], 5);
    }

    /// <summary>Frames that come at odd times, every third one read: positions follow the time, not the count.</summary>
    [Fact]
    public void Interpolated_boxes_lie_on_the_line_in_time()
    {
        double[] times = [0, 0.12, 0.24, 0.36, 0.48, 0.90, 1.0, 1.4, 1.52, 1.64, 1.76, 1.88];
        Sighting Seen(int frame, long id) => At(frame, 100 + 50 * times[frame], id, 0, 0.8f) with { Time = times[frame] };
        var plan = OfflinePass.Plan(
            [Seen(0, 1), Seen(1, 1), Seen(2, 1), Seen(3, 1), Seen(8, 2), Seen(9, 2), Seen(10, 2), Seen(11, 2)],
            times,
            0.25f,
            new OfflineOptions { MaxFill = 2 }
        );
        var gap = Assert.Single(plan.Gaps);
        for (var frame = 4; frame <= 7; frame++)
        {
            var box = gap.At(times[frame]);
            Assert.Equal(100 + 50 * times[frame], box.CenterX, 0.001);
            Assert.Equal(40, box.Width, 0.001);
            Assert.Equal(frame < 6 ? 3 : 8, gap.Nearer(times[frame]).Frame);
        }

        Assert.Empty(OfflinePass.Plan([Seen(3, 1), Seen(8, 1)], times, 0.25f, new OfflineOptions { MaxFill = 1 }).Gaps);
    }

    /// <summary>Scenes with everything in them: a second pass over the result of the first finds nothing to do.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_second_pass_changes_nothing(int seed)
    {
        var scene = new OcclusionScene(new SceneOptions(seed, Objects: 20, Occluders: 4, DropOuts: 0.2));
        var online = scene.Track(new() { TrackBuffer = 10 });
        var options = new OfflineOptions { MinSightings = 6 };
        var first = OfflinePass.Plan(online, scene.Times, OcclusionScene.Conf, options);
        var after = online
            .Select(sighting => sighting with { OnlineId = first.TrackOf(sighting.Frame, sighting.Instance, Old(sighting)) ?? 0 })
            .ToList();
        var second = OfflinePass.Plan(after, scene.Times, OcclusionScene.Conf, options);

        Assert.True(
            first.Stitched > 20 && first.Dissolved > 5,
            $"{first.Stitched} stitched, {first.Dissolved} dissolved: nothing is tested"
        );
        Assert.Equal((0, 0), (second.Stitched, second.Dissolved));
        Assert.Equal(first.Gaps.Select(Told), second.Gaps.Select(Told));
        Assert.All(after, sighting => Assert.Equal(Old(sighting), second.TrackOf(sighting.Frame, sighting.Instance, Old(sighting))));
        Assert.Equal(online.Count(sighting => sighting.OnlineId > 0), online.Count(Kept));

        static long? Old(Sighting sighting) => sighting.OnlineId == 0 ? null : sighting.OnlineId;

        static (long, int, int) Told(Gap gap) => (gap.Track.Id, gap.Before.Frame, gap.After.Frame);

        // No detection is counted twice or lost: dissolved ones are free, all others belong to exactly one track.
        bool Kept(Sighting sighting) =>
            sighting.OnlineId > 0
            && (first.TrackOf(sighting.Frame, sighting.Instance, sighting.OnlineId) is null)
                != first.Tracks.Any(track => track.Sightings.Contains(sighting));
    }

    private static OfflinePlan Plan(IEnumerable<Sighting> sightings, OfflineOptions? options = null) =>
        OfflinePass.Plan(sightings, s_times, 0.25f, options ?? new OfflineOptions());

    private static IEnumerable<(long, int, int)> Ends(OfflinePlan plan) =>
        plan.Tracks.Select(track => (track.Id, track.First.Frame, track.Last.Frame));

    private static double Cost(Sighting[] earlier, Sighting[] later) =>
        StitchCost.Of(new Trajectory(1, [.. earlier]), new Trajectory(2, [.. later]));

    /// <summary>A square of 40 pixels at height 100, its mask a full one; the instance's number is that of the track.</summary>
    private static IEnumerable<Sighting> Path(long id, int from, int to, Func<int, double> x) =>
        Enumerable.Range(from, to - from + 1).Select(frame => At(frame, x(frame), id, (int)id, 0.8f));

    private static Sighting At(int frame, double x, long id, int instance, float score) =>
        new(
            frame,
            instance,
            frame / 25.0,
            new Box((float)x - 20, 80, (float)x + 20, 120),
            (float)x,
            100,
            1600,
            score,
            ClassId: 0,
            OnlineId: id
        );
}
