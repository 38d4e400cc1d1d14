namespace SegBatch.Jobs;

/// <summary>Adds events up to what a progress line says: frames, rate, time left.</summary>
/// <param name="clock">Tells the time; null is the system's.</param>
public sealed class JobTally(TimeProvider? clock = null)
{
    private readonly Dictionary<string, long> _running = [];
    private readonly Dictionary<string, long> _expected = [];
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly long _started = (clock ?? TimeProvider.System).GetTimestamp();
    private long _finishedFrames;
    private int _finishedVideos;
    private int _videos;
    private long? _total;

    public long Frames => _finishedFrames + _running.Values.Sum();

    public double FramesPerSecond => Frames / Math.Max(0.001, _clock.GetElapsedTime(_started).TotalSeconds);

    /// <summary>Estimated from frames; null when containers do not say how many there are, or nothing is done yet.</summary>
    public TimeSpan? Left =>
        _total is { } total && Frames > 0 && total >= Frames ? TimeSpan.FromSeconds((total - Frames) / FramesPerSecond) : null;

    public void Add(JobEvent what)
    {
        switch (what)
        {
            case JobEvent.PlanReady plan:
                _videos = plan.Videos - plan.AlreadyDone;
                _total = plan.TotalFrames;
                break;
            case JobEvent.RetrackReady plan:
                _videos = plan.Videos - plan.AlreadyDone;
                _total = plan.TotalFrames;
                break;
            case JobEvent.VideoStarted { Frames: { } frames } started:
                _expected[started.Key] = frames;
                break;
            case JobEvent.VideoProgress progress:
                _running[progress.Key] = progress.FramesDone;
                break;
            case JobEvent.VideoDone done:
                Finish(done.Key, done.Summary);
                break;
            case JobEvent.VideoRetracked done:
                Finish(done.Key, done.Summary);
                break;
            case JobEvent.VideoRejected rejected:
                _running.Remove(rejected.Key);
                _total -= _expected.GetValueOrDefault(rejected.Key); // nobody waits for its frames any more
                _finishedVideos++;
                break;
        }
    }

    public string Line() =>
        $"{_finishedVideos}/{_videos} videos, {Frames:N0}{(_total is { } total ? $" of about {total:N0}" : "")} frames, {FramesPerSecond:F1} fps"
        + (Left is { } left ? $", {Duration(left)} left" : "");

    /// <summary>One line for an event that deserves one; null for the others.</summary>
    public static string? Describe(JobEvent what) =>
        what switch
        {
            JobEvent.PlanReady plan =>
                $"{plan.Videos} {(plan.Videos == 1 ? "video" : "videos")}{(plan.AlreadyDone > 0 ? $", {plan.AlreadyDone} done before" : "")}; {plan.Model} on {plan.Provider}",
            JobEvent.VideoDone done =>
                $"done      {done.Key}: {Count(done.Summary.Frames, "frame")}, {Count(done.Summary.Instances, "instance")}, {Count(done.Summary.Tracks, "track")}, "
                    + $"{done.Summary.Frames / Math.Max(0.001, done.Summary.Seconds):F1} fps"
                    + (done.Summary.DamagedFrames > 0 ? $", {Count(done.Summary.DamagedFrames, "damaged frame")}" : ""),
            JobEvent.RetrackReady plan =>
                $"{plan.Videos} {(plan.Videos == 1 ? "video" : "videos")}{(plan.AlreadyDone > 0 ? $", {plan.AlreadyDone} tracked so already" : "")}; {plan.Tracker}",
            JobEvent.VideoRetracked done =>
                $"done      {done.Key}: {done.Summary.Frames:N0} frames, {done.TracksBefore:N0} → {done.Summary.Tracks:N0} tracks, "
                    + $"{done.Summary.Frames / Math.Max(0.001, done.Summary.Seconds):N0} fps",
            JobEvent.VideoRejected rejected => PrintableText.Of($"rejected  {rejected.Key}: {rejected.Code}: {rejected.Message}"),
            JobEvent.Note note => PrintableText.Of($"note      {note.Text}"),
            _ => null,
        };

    private static string Count(long count, string what) => $"{count:N0} {what}{(count == 1 ? "" : "s")}";

    private void Finish(string key, VideoSummary summary)
    {
        _running.Remove(key);
        _finishedFrames += summary.Frames;
        _finishedVideos++;
    }

    public static string Duration(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours}h {time.Minutes:00}m"
        : time.TotalMinutes >= 1 ? $"{time.Minutes}m {time.Seconds:00}s"
        : $"{Math.Max(0, time.TotalSeconds):F0}s";
}
