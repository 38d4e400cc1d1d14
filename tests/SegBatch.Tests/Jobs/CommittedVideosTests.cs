using SegBatch.Jobs;
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
