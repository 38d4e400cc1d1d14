using SegBatch.Jobs;
using SegBatch.Retracking;
using SegBatch.Tests.Jobs;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Retracking;

public sealed class RetrackPlanTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Options_go_over_those_of_each_video()
    {
        Records.Write(_temp.Path, Records.Of("b", new() { TrackBuffer = 9 }));
        Records.Write(_temp.Path, Records.Of("a"));
        var plan = Make(tracking => tracking with { Tracker = "ocsort" });
        Assert.Equal(["a", "b"], plan.Videos.Select(video => video.Before.Key));
        Assert.Equal([30, 9], plan.Videos.Select(video => video.Tracking.TrackBuffer));
        Assert.All(plan.Videos, video => Assert.Equal("ocsort", (string?)video.Settings["track"]!["tracker"]));
        Assert.All(plan.Videos, video => Assert.False(video.IsSame));
        Assert.All(Make(tracking => tracking).Videos, video => Assert.True(video.IsSame));
        Assert.Equal(0.25f, plan.Videos[0].Conf);
    }

    [Theory]
    [InlineData("bytetrack", 0.25f, "it was run with candidates: false. Run again with tracker: ocsort and candidates: true")]
    [InlineData("none", 0.25f, "it was run without a tracker")]
    [InlineData("bytetrack", 0.2f, "it was run with track_low_thresh: 0.2")]
    public void Less_than_the_tracker_looks_at_is_refused_with_why(string tracker, float from, string why)
    {
        Records.Write(_temp.Path, Records.Of("a", new() { Tracker = tracker }, from));
        var error = Assert.Throws<JobException>(() => Make(tracking => tracking with { Tracker = "ocsort" }));
        Assert.Equal(JobFailure.PlanMismatch, error.Failure);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains($"or give --track-low-thresh {from}.", error.Message, StringComparison.Ordinal);
        _ = Make(tracking => tracking with { Tracker = "ocsort", TrackLowThresh = from });
        _ = Make(tracking => tracking with { Tracker = "none" });
    }

    [Fact]
    public void Records_of_versions_that_did_not_note_what_they_kept_are_refused()
    {
        Records.Write(_temp.Path, Records.Of("a") with { Kept = null });
        Assert.Contains("Run again.", Assert.Throws<JobException>(() => Make(tracking => tracking)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_told_at_once_up_to_a_dozen()
    {
        for (var i = 10; i < 30; i++)
        {
            Records.Write(_temp.Path, Records.Of($"v{i}", from: 0.25f));
        }

        var message = Assert.Throws<JobException>(() => Make(tracking => tracking)).Message;
        Assert.Equal(12, message.Split('\n').Count(line => line.StartsWith("  v", StringComparison.Ordinal)));
        Assert.EndsWith("\n  and 8 more", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Videos_whose_files_are_gone_are_named_and_a_folder_without_any_is_refused()
    {
        Assert.Contains("holds no finished video", Assert.Throws<JobException>(() => Make(t => t)).Message, StringComparison.Ordinal);
        Records.Write(_temp.Path, Records.Of("a", files: "frames/a.parquet"));
        Records.Write(_temp.Path, Records.Of("b"));
        Assert.Equal(["a"], Make(tracking => tracking).Incomplete);
    }

    [Fact]
    public void A_record_of_an_older_version_is_tracked_so_already_and_one_of_a_newer_is_refused()
    {
        var record = Records.Of("a");
        record.Settings["track"]!.AsObject().Remove("hidden_patience");
        record.Settings.Remove("detect");
        Records.Write(_temp.Path, record);
        var video = Assert.Single(Make(tracking => tracking).Videos);
        Assert.True(video.IsSame);
        Assert.Equal(0.25f, video.Conf);

        record.Settings["track"]!["telepathy"] = 2;
        Records.Write(_temp.Path, record);
        var error = Assert.Throws<JobException>(() => Make(tracking => tracking));
        Assert.Equal(JobFailure.PlanMismatch, error.Failure);
        Assert.Contains("  a: a newer SegBatch wrote it, with track.telepathy: 2. Use", error.Message, StringComparison.Ordinal);
    }

    private RetrackPlan Make(Func<TrackingOptions, TrackingOptions> change) =>
        RetrackPlan.Make(
            new RetrackJob
            {
                Output = _temp.Path,
                Options = draft => draft with { Source = draft.Source with { Tracking = change(draft.Source.Tracking) } },
            }
        );
}
