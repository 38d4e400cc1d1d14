using System.Text.Json.Nodes;
using SegBatch.Jobs;
using SegBatch.Motion;
using SegBatch.Retracking;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Jobs;

/// <summary>What a run makes of videos that were tracked again since.</summary>
public sealed class CommittedVideosTests : IDisposable
{
    private static readonly TrackingOptions s_other = new() { Tracker = "ocsort" };

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Tracked_again_on_purpose_they_are_done_for_the_run_that_made_them()
    {
        Write(TrackedAgain("a"), TrackedAgain("b"));
        var found = CommittedVideos.Find(_temp.Path, [Source("a"), Source("b")]);
        Assert.Equal((2, 0, 2), (found.Done.Count, found.Changed.Count, found.TrackedAgain));
    }

    [Fact]
    public void And_for_a_run_with_the_options_they_now_have()
    {
        Write(TrackedAgain("a"));
        var found = CommittedVideos.Find(_temp.Path, [Source("a", s_other), Source("left", s_other)]);
        Assert.Equal((1, 0), (found.Done.Count, found.TrackedAgain));
    }

    [Fact]
    public void With_videos_left_to_do_the_folder_would_hold_two_trackers()
    {
        Write(TrackedAgain("a"));
        var error = Assert.Throws<JobException>(() => CommittedVideos.Find(_temp.Path, [Source("a"), Source("left")]));
        Assert.Equal(JobFailure.PlanMismatch, error.Failure);
        Assert.Contains("was tracked again since ('segbatch retrack'), and videos are left to do", error.Message, StringComparison.Ordinal);
        Assert.Contains("  a: track.tracker: was \"ocsort\", now \"bytetrack\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_neither_are_a_mismatch_as_ever()
    {
        Write(TrackedAgain("a"));
        var error = Assert.Throws<JobException>(() => CommittedVideos.Find(_temp.Path, [Source("a", new() { TrackBuffer = 99 })]));
        Assert.Contains("holds results of other settings", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Options that came later, as a version without them wrote its records.</summary>
    [Fact]
    public void What_an_older_record_does_not_name_was_at_its_default()
    {
        Write(Older("a"));
        var found = CommittedVideos.Find(_temp.Path, [Source("a")]);
        Assert.Equal((1, 0, 0), (found.Done.Count, found.Changed.Count, found.TrackedAgain));
        var settings = found.Done["a"].Settings.ToJsonString(RecordJson.Compact);
        Assert.Equal(Records.Settings().ToJsonString(RecordJson.Compact), settings); // also in their order, for the tables' metadata
    }

    [Fact]
    public void A_default_that_the_job_has_left_is_a_difference_also_where_the_record_names_none()
    {
        Write(Older("a"));
        var error = Assert.Throws<JobException>(() => CommittedVideos.Find(_temp.Path, [Source("a", new() { HiddenPatience = 5 })]));
        Assert.Equal(JobFailure.PlanMismatch, error.Failure);
        Assert.EndsWith("\n  a: track.hidden_patience: was 3, now 5", error.Message, StringComparison.Ordinal);
    }

    /// <summary>botsort went without the camera before gmc_method came; today it goes with it where nobody says anything else.</summary>
    [Fact]
    public void A_default_that_a_tracker_has_by_itself_was_not_its_own_before_the_option_came()
    {
        var tracking = new TrackingOptions { Tracker = "botsort" };
        var record = Records.Of("a", tracking);
        record.Settings["track"]!.AsObject().Remove("gmc_method");
        Write(record);
        var error = Assert.Throws<JobException>(() => CommittedVideos.Find(_temp.Path, [Source("a", tracking)]));
        Assert.EndsWith("\n  a: track.gmc_method: was \"none\", now \"sparseOptFlow\"", error.Message, StringComparison.Ordinal);
        Assert.Single(CommittedVideos.Find(_temp.Path, [Source("a", tracking with { GmcMethod = CameraMotionMethod.None })]).Done);
    }

    /// <summary>deepocsort once named a method and did not look at it: its tracks are not those that it makes today.</summary>
    [Fact]
    public void Tracks_made_without_the_cameras_motion_are_not_those_of_a_tracker_that_goes_by_it()
    {
        var tracking = new TrackingOptions { Tracker = "deepocsort", GmcMethod = CameraMotionMethod.SparseOptFlow };
        var source = Source("a", tracking);
        source = source with { Source = source.Source with { Options = new SourceOptions { Tracking = tracking } } };
        var record = Records.Of("a", tracking);
        Write(record);
        var error = Assert.Throws<JobException>(() => CommittedVideos.Find(_temp.Path, [source]));
        Assert.Equal(JobFailure.PlanMismatch, error.Failure);
        Assert.Contains("a: track.gmc_method: tracked without \"sparseOptFlow\"", error.Message, StringComparison.Ordinal);

        Write(record with { Kept = record.Kept! with { CameraMotion = "sparseOptFlow" } });
        Assert.Single(CommittedVideos.Find(_temp.Path, [source]).Done);
    }

    /// <summary>The name is stored as it was found, in bytes that are no text: nothing can open it.</summary>
    [Fact]
    public void A_file_that_cannot_be_named_changes_the_identity_of_its_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "names are text there");
        var folder = Directory.CreateDirectory(Path.Combine(_temp.Path, "pictures")).FullName;
        File.WriteAllText(Path.Combine(folder, "1.png"), "12345");
        var before = SourceIdentity.Of(folder);
        using (var shell = System.Diagnostics.Process.Start("sh", ["-c", $"touch '{folder}'/\"$(printf 'b\\374ro.png')\""]))
        {
            shell.WaitForExit();
        }

        try
        {
            Assert.Equal(2, Directory.GetFiles(folder).Length);
            Assert.Equal(before with { Bytes = before.Bytes + 1 }, SourceIdentity.Of(folder));
        }
        finally
        {
            System.Diagnostics.Process.Start("rm", ["-r", folder]).WaitForExit(); // nothing else can name it
        }
    }

    [Fact]
    public void An_older_record_that_was_tracked_again_is_completed_on_both_sides()
    {
        var record = TrackedAgain("a");
        record.Settings["track"]!.AsObject().Remove("mask_weight");
        record.RunTracking!.Remove("mask_weight");
        Write(record);
        Assert.Equal(1, CommittedVideos.Find(_temp.Path, [Source("a")]).TrackedAgain);
        Assert.Equal(0, CommittedVideos.Find(_temp.Path, [Source("a", s_other)]).TrackedAgain);
    }

    [Fact]
    public void What_a_newer_version_wrote_is_refused_and_said_to_be_that()
    {
        var record = Records.Of("a");
        record.Settings["track"]!["telepathy"] = true;
        record.Settings["weather"] = new JsonObject { ["rain"] = 0.5 };
        Write(record);
        var error = Assert.Throws<JobException>(() => CommittedVideos.Find(_temp.Path, [Source("a")]));
        Assert.Equal(JobFailure.PlanMismatch, error.Failure);
        Assert.StartsWith($"A newer SegBatch wrote {_temp.Path}: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("\n  a: track.telepathy: true\n  a: weather: {\"rain\":0.5}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_job_has_beside_options_is_not_newer()
    {
        var record = Records.Of("a");
        var source = Source("a");
        foreach (var settings in new[] { record.Settings, source.Settings })
        {
            settings["model_sha256"] = "00";
            settings["reid_model_sha256"] = "11";
            settings["model"] = new JsonObject { ["layout"] = "yolact" };
            settings["refine"] = new JsonObject { ["encoder_sha256"] = "22" };
        }

        Write(record);
        Assert.Single(CommittedVideos.Find(_temp.Path, [source]).Done);
    }

    [Fact]
    public void A_video_of_another_place_is_said_to_be_that()
    {
        Write(Records.Of("a") with { Path = "/elsewhere/a.mp4" }, Records.Of("b") with { Source = new SourceIdentity(1, 2) });
        var found = CommittedVideos.Find(_temp.Path, [Source("a"), Source("b")]);
        Assert.Equal(["a", "b"], found.Changed);
        Assert.Equal(
            [
                "a: the folder has it from /elsewhere/a.mp4, the job names /a.mp4; it is done again",
                "b: the source changed since it was done; it is done again",
            ],
            found.Notes
        );
    }

    /// <summary>Another job's, or a source of this one that was taken out or has another key since.</summary>
    [Fact]
    public void Videos_that_the_job_does_not_name_are_told()
    {
        Write([.. Enumerable.Range(0, 9).Select(i => Records.Of($"old{i}"))]);
        var found = CommittedVideos.Find(_temp.Path, [Source("old3"), Source("new")]);
        Assert.Single(found.Done);
        Assert.Equal(
            [
                "the output folder also holds 8 videos that this job does not name (old0, old1, old2, old4, old5, …): they stay, and queries see them",
            ],
            found.Notes
        );
        Assert.Empty(CommittedVideos.Find(_temp.Path, [.. Enumerable.Range(0, 9).Select(i => Source($"old{i}"))]).Notes);
    }

    /// <summary>Tracked again without looks, the tables depend on no appearance model any more.</summary>
    [Fact]
    public void Tracked_again_without_looks_both_runs_know_it()
    {
        var looks = new TrackingOptions
        {
            Tracker = "botsort",
            WithReid = true,
            AppearanceModel = "/reid.onnx",
        };
        var (with, without) = (Source("a", looks), Source("a", looks with { Tracker = "bytetrack" }));
        with.Settings["reid_model_sha256"] = "11";
        var record = Records.Of("a", looks);
        record.Settings["reid_model_sha256"] = "11";
        var options = new SourceOptions { Tracking = looks with { Tracker = "bytetrack" } };
        var settings = StoredTracking.With(record.Settings, options);
        Write(record.TrackedAgain(settings));

        Assert.Equal(without.Settings.ToJsonString(), settings.ToJsonString());
        Assert.Equal((1, 0), Count(without));
        Assert.Equal((1, 1), Count(with));

        (int, int) Count(PreparedSource source) =>
            CommittedVideos.Find(_temp.Path, [source]) is var found ? (found.Done.Count, found.TrackedAgain) : default;
    }

    /// <summary>A record without a section, and without some options of another.</summary>
    private static VideoRecord Older(string key)
    {
        var record = Records.Of(key);
        record.Settings.Remove("annotate");
        record.Settings.Remove("mode");
        record.Settings["detect"]!.AsObject().Remove("min_region");
        record.Settings["track"]!.AsObject().Remove("offline");
        record.Settings["track"]!.AsObject().Remove("hidden_patience");
        return record;
    }

    private static VideoRecord TrackedAgain(string key) =>
        Records.Of(key, s_other) with
        {
            RunTracking = Records.Settings()["track"]!.DeepClone().AsObject(),
        };

    private static PreparedSource Source(string key, TrackingOptions? tracking = null) =>
        new(new FoundSource(key, $"/{key}.mp4", new SourceOptions()), Records.Settings(tracking), null);

    private void Write(params VideoRecord[] records)
    {
        foreach (var record in records)
        {
            Records.Write(_temp.Path, record);
        }
    }
}
