using SegBatch.Jobs;
using Xunit;

namespace SegBatch.Tests.Jobs;

public sealed class JobTallyTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void Frames_rate_and_time_left_add_up_over_videos()
    {
        var tally = new JobTally(_clock);
        tally.Add(new JobEvent.PlanReady(3, 1, 1000, "CPU", "m.onnx"));
        Assert.Null(tally.Left);
        tally.Add(new JobEvent.VideoStarted("a", "/a", 400));
        tally.Add(new JobEvent.VideoStarted("b", "/b", 600));
        tally.Add(new JobEvent.VideoProgress("a", 100));
        tally.Add(new JobEvent.VideoProgress("b", 50));
        tally.Add(new JobEvent.VideoProgress("b", 100));
        _clock.Seconds = 10;
        Assert.Equal((200, 20.0, 40.0), (tally.Frames, tally.FramesPerSecond, tally.Left!.Value.TotalSeconds));
        Assert.Equal("0/2 videos, 200 of about 1,000 frames, 20.0 fps, 40s left", tally.Line());

        tally.Add(Done("a", 400));
        _clock.Seconds = 25;
        Assert.Equal("1/2 videos, 500 of about 1,000 frames, 20.0 fps, 25s left", tally.Line());
    }

    [Fact]
    public void Nobody_waits_for_the_frames_of_a_rejected_video()
    {
        var tally = new JobTally(_clock);
        tally.Add(new JobEvent.PlanReady(2, 0, 1000, "CPU", "m.onnx"));
        tally.Add(new JobEvent.VideoStarted("a", "/a", 400));
        tally.Add(new JobEvent.VideoProgress("a", 390));
        tally.Add(new JobEvent.VideoRejected("a", "/a", "BAD", "bad"));
        tally.Add(new JobEvent.VideoProgress("b", 300));
        _clock.Seconds = 10;
        Assert.Equal("1/2 videos, 300 of about 600 frames, 30.0 fps, 10s left", tally.Line());
    }

    [Fact]
    public void Without_a_total_or_beyond_it_no_time_is_promised()
    {
        var tally = new JobTally(_clock);
        _clock.Seconds = 1;
        tally.Add(new JobEvent.PlanReady(1, 0, null, "CPU", "m.onnx"));
        tally.Add(new JobEvent.VideoProgress("a", 10));
        Assert.Equal("0/1 videos, 10 frames, 10.0 fps", tally.Line());
        tally.Add(new JobEvent.PlanReady(1, 0, 5, "CPU", "m.onnx"));
        Assert.Null(tally.Left);
    }

    [Fact]
    public void Lines_for_people_hold_no_control_characters()
    {
        Assert.Equal(
            "rejected  k: EMPTY: a\\nb.mp4 is empty",
            JobTally.Describe(new JobEvent.VideoRejected("k", "a\nb.mp4", "EMPTY", "a\nb.mp4 is empty"))
        );
        Assert.Equal("done      a: 10 frames, 3 instances, 1 track, 5.0 fps", JobTally.Describe(Done("a", 10)));
        Assert.Equal("2 videos, 1 done before; m.onnx on CPU", JobTally.Describe(new JobEvent.PlanReady(2, 1, 5, "CPU", "m.onnx")));
        Assert.Null(JobTally.Describe(new JobEvent.VideoProgress("a", 1)));
    }

    [Fact]
    public void Tracking_again_is_told_with_tracks_before_and_now()
    {
        var tally = new JobTally(_clock);
        var ready = new JobEvent.RetrackReady(3, 1, 1000, "ocsort");
        var done = new JobEvent.VideoRetracked("a", Done("a", 400).Summary, TracksBefore: 5);
        tally.Add(ready);
        tally.Add(done);
        _clock.Seconds = 2;
        Assert.Equal("1/2 videos, 400 of about 1,000 frames, 200.0 fps, 3s left", tally.Line());
        Assert.Equal("3 videos, 1 tracked so already; ocsort", JobTally.Describe(ready));
        Assert.Equal("done      a: 400 frames, 5 → 1 tracks, 200 fps", JobTally.Describe(done));
    }

    [Theory]
    [InlineData(0.4, "0s")]
    [InlineData(59, "59s")]
    [InlineData(61, "1m 01s")]
    [InlineData(3600 * 30, "30h 00m")]
    public void Durations(double seconds, string expected) => Assert.Equal(expected, JobTally.Duration(TimeSpan.FromSeconds(seconds)));

    private static JobEvent.VideoDone Done(string key, long frames) =>
        new(key, new VideoSummary(key, frames, 3, 1, 0, 2, new Dictionary<string, ClassCount>()));

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
