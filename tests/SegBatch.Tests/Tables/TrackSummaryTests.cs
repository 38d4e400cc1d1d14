using SegBatch.Geometry;
using SegBatch.Tables;
using Xunit;

namespace SegBatch.Tests.Tables;

public class TrackSummaryTests
{
    [Fact]
    public void A_track_is_added_up_over_its_sightings()
    {
        var summary = new TrackSummary("gate", id => $"class {id}");
        summary.Add([Sighting(0, 1, classId: 0, score: 0.5f, area: 10, (10, 10))]);
        summary.Add([]); // frame 2: unseen
        summary.Add([Sighting(4, 1, classId: 2, score: 0.75f, area: 20, (13, 14))]);
        summary.Add([Sighting(6, 1, classId: 0, score: 0.5f, area: 30, (13, 10))]);
        summary.Add([]); // after its end: no gap
        var track = Assert.Single(summary.Rows());

        Assert.Equal((1, 0, "class 0"), (track.TrackId, track.ClassId, track.ClassName));
        Assert.Equal(1.0 / 1.75, track.ClassShare, 12);
        Assert.Equal((0, 6, 0.0, 0.6), (track.FirstFrame, track.LastFrame, track.FirstTimeS, track.LastTimeS));
        Assert.Equal((3, 1), (track.Frames, track.Gaps));
        Assert.Equal(1.75 / 3, track.MeanScore, 12);
        Assert.Equal(0.75f, track.MaxScore);
        Assert.Equal(20, track.MeanArea, 12);
        Assert.Equal(5 + 4, track.PathLengthPx, 12); // a 3-4-5 triangle, then 4 up
        Assert.Equal(3, track.DisplacementPx, 12);
        Assert.Equal(9 / 0.6, track.MeanSpeedPxS!.Value, 9);
    }

    /// <summary>Made-up rows are counted and measure nothing: class, scores, area, path and gaps are those of the sightings.</summary>
    [Fact]
    public void Interpolated_rows_are_counted_and_nothing_else()
    {
        TrackRow Sum(bool interpolated)
        {
            var summary = new TrackSummary("gate", id => $"{id}");
            summary.Add([Sighting(0, 1, 0, 0.5f, 10, (0, 0))]);
            var made = Sighting(1, 1, 3, 0, 99, (50, 50)) with { Score = null, Source = InstanceRow.Interpolated };
            summary.Add(interpolated ? [made] : []);
            summary.Add(interpolated ? [made with { Frame = 2 }] : []);
            summary.Add([Sighting(3, 1, 0, 0.7f, 20, (3, 4))]);
            return Assert.Single(summary.Rows());
        }

        Assert.Equal(Sum(interpolated: false) with { Frames = 4 }, Sum(interpolated: true));
        Assert.Equal((1, 0.6), (Sum(interpolated: true).Gaps, Math.Round(Sum(interpolated: true).MeanScore, 6)));
    }

    [Fact]
    public void A_stride_makes_no_gaps_but_two_absences_make_two()
    {
        var summary = new TrackSummary("gate", id => $"{id}");
        foreach (var present in new[] { true, true, false, true, false, false, true })
        {
            summary.Add(present ? [Sighting(10, 1, 0, 0.5f, 1, (0, 0))] : []);
        }

        Assert.Equal(2, Assert.Single(summary.Rows()).Gaps);
    }

    [Fact]
    public void Tracks_come_by_id_and_instances_without_one_do_not_count()
    {
        var summary = new TrackSummary("gate", id => $"{id}");
        summary.Add([Sighting(0, 9, 0, 0.5f, 1, (0, 0)), Sighting(0, null, 0, 0.5f, 1, (0, 0)), Sighting(0, 2, 0, 0.5f, 1, (0, 0))]);

        Assert.Equal([2L, 9L], summary.Rows().Select(track => track.TrackId));
    }

    [Fact]
    public void A_single_sighting_has_no_speed_and_equal_classes_go_to_the_lower_number()
    {
        var once = new TrackSummary("gate", id => $"{id}");
        once.Add([Sighting(3, 1, 0, 0.5f, 1, null)]);
        var tie = new TrackSummary("gate", id => $"{id}");
        tie.Add([Sighting(0, 1, 5, 0.5f, 1, (0, 0))]);
        tie.Add([Sighting(1, 1, 2, 0.5f, 1, (0, 0))]);

        Assert.Null(Assert.Single(once.Rows()).MeanSpeedPxS);
        Assert.Equal(0, Assert.Single(once.Rows()).PathLengthPx);
        Assert.Equal(2, Assert.Single(tie.Rows()).ClassId);
    }

    [Fact]
    public void An_empty_mask_does_not_bend_the_path()
    {
        var summary = new TrackSummary("gate", id => $"{id}");
        summary.Add([Sighting(0, 1, 0, 0.5f, 1, (0, 0))]);
        summary.Add([Sighting(1, 1, 0, 0.5f, 0, null)]);
        summary.Add([Sighting(2, 1, 0, 0.5f, 1, (6, 8))]);

        Assert.Equal(10, Assert.Single(summary.Rows()).PathLengthPx, 12);
    }

    private static InstanceRow Sighting(long frame, long? track, int classId, float score, long area, (double, double)? centroid) =>
        new(
            "gate",
            frame,
            frame,
            frame / 10.0,
            0,
            track,
            classId,
            "",
            score,
            default,
            null,
            default,
            new FrameSize(20, 20),
            area,
            centroid,
            "detected"
        );
}
