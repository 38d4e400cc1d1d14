using SegBatch.Geometry;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Tracking;

/// <summary>The parts of TrackTrack, worked out by hand; whole sequences are in <see cref="TrackerReplayTests"/>.</summary>
public sealed class TrackTrackerTests
{
    /// <summary>Row 0 and column 0 are each other's nearest; what is left over is dearer than the limit of the second round, 0.65.</summary>
    [Theory]
    [InlineData(0.05, -1)]
    [InlineData(0.0, 1)]
    public void Pairs_of_a_later_round_must_be_cheaper(double step, int columnOfSecond)
    {
        var matching = new MutualMatching();
        matching.Solve([0.1, 0.2, 0.15, 0.68], 2, 2, 0.7, step);
        Assert.Equal([0, columnOfSecond], matching.ColumnOfRow.ToArray());
        Assert.Equal([0, columnOfSecond], matching.RowOfColumn.ToArray());
    }

    [Fact]
    public void Nearest_counts_by_what_is_free_when_a_round_begins()
    {
        // Row 0 takes column 0. Row 1 is nearest to column 0 too, and gets column 1 only in the second round, at 0.66 > 0.65.
        var matching = new MutualMatching();
        matching.Solve([0.3, 0.9, 0.4, 0.66], 2, 2, 0.7, 0.05);
        Assert.Equal([0, -1], matching.ColumnOfRow.ToArray());
    }

    /// <summary>Against the rounds as they are told, with sets: random problems, with ties and pairs that must not be made.</summary>
    [Fact]
    public void Random_problems_are_solved_as_told()
    {
        var random = new Random(7);
        var matching = new MutualMatching();
        var pairs = 0;
        for (var problem = 0; problem < 500; problem++)
        {
            var (rows, columns) = (random.Next(0, 7), random.Next(0, 7));
            var costs = Enumerable
                .Range(0, rows * columns)
                .Select(_ => random.Next(12) is var cost && cost == 0 ? double.PositiveInfinity : cost / 12.0);
            double[] table = [.. costs];
            matching.Solve(table, rows, columns, 0.7, 0.05);
            var expected = Told(table, rows, columns, 0.7, 0.05);
            Assert.Equal(expected, matching.ColumnOfRow.ToArray());
            pairs += expected.Count(column => column >= 0);
        }

        Assert.True(pairs > 300, $"only {pairs} pairs");
    }

    /// <summary>Half as high and as wide, from the same corner: IoU 1/4, heights 1/2.</summary>
    [Fact]
    public void Overlap_counts_with_that_of_the_heights()
    {
        Assert.Equal(0.125, TrackTrackCosts.HeightModulatedIoU(new Box(0, 0, 10, 20), new Box(0, 0, 5, 10)), 1e-7);
        Assert.Equal(1, TrackTrackCosts.HeightModulatedIoU(new Box(3, 4, 10, 20), new Box(3, 4, 10, 20)), 1e-7);
        Assert.Equal(0, TrackTrackCosts.HeightModulatedIoU(new Box(0, 0, 10, 20), new Box(20, 0, 30, 20)));
        Assert.Equal(0, TrackTrackCosts.HeightModulatedIoU(new Box(0, 0, 10, 20), new Box(5, 7, 5, 7)));
    }

    [Theory]
    [InlineData(40, 100, 0.0)] // straight on
    [InlineData(20, 80, 0.5)] // from where it was three sightings before: straight up
    [InlineData(0, 100, 1.0)] // back
    public void Directions_are_over_three_sightings(float x, float y, double expected)
    {
        var sightings = new Sightings();
        foreach (var left in new[] { 500f, 0, 10, 20, 30 }) // the first is too long ago to count
        {
            sightings.Add(new Box(left, 100, left + 50, 200), 0.5f);
        }

        // Three sightings before the one that is asked for, it was at 10.
        var at = expected == 0.5 ? 10 : x;
        Assert.Equal(expected, sightings.DirectionDistance(new Box(at, y, at + 50, y + 100)), 1e-6);
    }

    [Fact]
    public void One_sighting_has_no_direction_and_its_own_score()
    {
        var sightings = new Sightings();
        sightings.Add(new Box(0, 0, 10, 10), 0.8f);
        Assert.Equal(0.5, sightings.DirectionDistance(new Box(5, 5, 15, 15)));
        Assert.Equal(0.2, sightings.ScoreDistance(0.6f), 1e-6);
        sightings.Add(new Box(0, 0, 10, 10), 0.7f);
        Assert.Equal(0.05, sightings.ScoreDistance(0.65f), 1e-6); // 0.6 would be straight on
        sightings.Clear();
        sightings.Add(new Box(0, 0, 10, 10), 0.5f);
        Assert.Equal((1, 0.0), (sightings.Count, sightings.ScoreDistance(0.5f)));
    }

    [Fact]
    public void Tracks_show_from_the_third_sighting_but_at_once_in_the_first_frame()
    {
        var tracker = Tracker();
        Assert.Equal([1], Ids(tracker, At(100)));
        Assert.Equal([1], Ids(tracker, At(100), At(500)));
        Assert.Equal([1], Ids(tracker, At(100), At(500)));
        Assert.Equal([1, 2], Ids(tracker, At(100), At(500)));
        Assert.Equal([1, 2], Ids(tracker, At(100), At(500, 0.3f))); // a low score holds it
        Assert.Equal([1], Ids(tracker, At(100), At(500, 0.25f))); // one at the low threshold does not
        Assert.Equal([1, 2], Ids(tracker, At(100), At(500)));
    }

    [Fact]
    public void A_track_missed_before_the_third_sighting_is_gone()
    {
        var tracker = Tracker();
        Assert.Equal([1], Ids(tracker, At(100), At(500, 0.69f))); // too weak to start one
        Assert.Equal([], Ids(tracker));
        Assert.Equal([], Ids(tracker, At(100)));
        Assert.Equal([], Ids(tracker, At(100)));
        Assert.Equal([2], Ids(tracker, At(100)));
    }

    /// <summary>IoU of two boxes 100 wide, 20 apart: 80 / 120 = 2/3 &gt; 0.55; 40 apart: 60 / 140 = 3/7.</summary>
    [Theory]
    [InlineData(20, 1)]
    [InlineData(40, 2)]
    public void A_detection_starts_no_track_where_a_better_one_is(float apart, int expected)
    {
        var tracker = Tracker();
        Assert.Equal(expected, Ids(tracker, At(100, 0.9f), At(100 + apart, 0.8f)).Length);
    }

    /// <summary>As recorded; the others ignore it.</summary>
    [Fact]
    public void A_box_without_area_uses_up_a_number()
    {
        var tracker = Tracker();
        Ids(tracker, At(100));
        Ids(tracker, At(100), new TrackInput(new Box(10, 10, 10, 50), 0.9f, 0), new TrackInput(new Box(float.NaN, 10, 50, 50), 0.9f, 0));
        Ids(tracker, At(100), At(500));
        Ids(tracker, At(100), At(500));
        Assert.Equal([1, 3], Ids(tracker, At(100), At(500)));
    }

    [Theory]
    [InlineData(31, 1)]
    [InlineData(32, 2)]
    public void Ids_outlive_the_buffer_by_one_frame(int missing, long expectedId)
    {
        var tracker = Tracker();
        for (var frame = 0; frame < 3; frame++)
        {
            Assert.Equal([1], Ids(tracker, At(100)));
        }

        for (var frame = 0; frame < missing; frame++)
        {
            Assert.Empty(Ids(tracker));
        }

        Ids(tracker, At(100));
        Ids(tracker, At(100));
        Assert.Equal([expectedId], Ids(tracker, At(100)));
    }

    private static ITracker Tracker() => Trackers.Create(new TrackingOptions { Tracker = "tracktrack" }, frameRate: null);

    private static TrackInput At(float left, float score = 0.9f) => new(new Box(left, 100, left + 100, 300), score, 0);

    private static long[] Ids(ITracker tracker, params TrackInput[] detections)
    {
        var tracks = new List<TrackedObject>();
        tracker.Update(new FrameEvidence(detections), tracks);
        return [.. tracks.Select(track => track.TrackId)];
    }

    private static int[] Told(double[] costs, int rows, int columns, double limit, double step)
    {
        var result = Enumerable.Repeat(-1, rows).ToArray();
        var (freeRows, freeColumns) = (Enumerable.Range(0, rows).ToList(), Enumerable.Range(0, columns).ToList());
        while (true)
        {
            var found = freeRows
                .Where(_ => freeColumns.Count > 0)
                .Select(row => (Row: row, Column: freeColumns.MinBy(column => costs[row * columns + column])))
                .Where(pair => freeRows.MinBy(row => costs[row * columns + pair.Column]) == pair.Row)
                .Where(pair => costs[pair.Row * columns + pair.Column] <= limit)
                .ToList();
            foreach (var (row, column) in found)
            {
                result[row] = column;
                freeRows.Remove(row);
                freeColumns.Remove(column);
            }

            if (found.Count == 0)
            {
                return result;
            }

            limit -= step;
        }
    }
}
