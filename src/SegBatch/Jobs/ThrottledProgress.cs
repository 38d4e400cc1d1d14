using System.Diagnostics;

namespace SegBatch.Jobs;

/// <summary>Tells the frames of a video that are done, a few times a second at most.</summary>
internal static class ThrottledProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>To be called with the number of frames so far, from one thread at a time.</summary>
    public static Action<long> Of(string key, IProgress<JobEvent> progress)
    {
        var last = Stopwatch.GetTimestamp();
        return frames =>
        {
            if (Stopwatch.GetElapsedTime(last) > Interval)
            {
                last = Stopwatch.GetTimestamp();
                progress.Report(new JobEvent.VideoProgress(key, frames));
            }
        };
    }
}
