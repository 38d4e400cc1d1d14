using System.Collections.Concurrent;
using System.Diagnostics;
using SegBatch.Jobs;

namespace SegBatch.Retracking;

/// <summary>Tracks the videos of an output folder again, several at once, from their tables: nothing is decoded, no network runs.</summary>
public sealed class RetrackRunner(RetrackJob job, IProgress<JobEvent> progress)
{
    private readonly ConcurrentDictionary<string, (VideoRecord Before, VideoRecord Now)> _done = [];
    private int _rejected;

    /// <summary>Runs to the end, or to a stop: a stop is told in the summary, not thrown, once videos are under way.</summary>
    /// <exception cref="JobException">The folder cannot be tracked again so, or not be written; or another job is writing to it.</exception>
    public RetrackSummary Run(CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        if (!Directory.Exists(Path.Combine(job.Output, "_segbatch")))
        {
            throw new JobException(
                JobFailure.Configuration,
                $"{job.Output} is no output folder of a run. Give the folder that 'segbatch run' wrote to."
            );
        }

        using var output = OutputFolder.Open(job.Output);
        var plan = RetrackPlan.Make(job);
        var left = plan.Videos.Where(video => job.Again || !video.IsSame).ToList();
        var trackers = string.Join(", ", plan.Videos.Select(video => video.Tracking.Tracker).Distinct().Order(StringComparer.Ordinal));
        progress.Report(
            new JobEvent.RetrackReady(
                plan.Videos.Count + plan.Incomplete.Count,
                plan.Videos.Count - left.Count,
                left.Sum(video => video.Before.Frames),
                trackers
            )
        );
        foreach (var key in plan.Incomplete)
        {
            Reject(key, key, "INCOMPLETE", "its files are not all there, or its record is damaged. 'segbatch run' does it again.");
        }

        var stopped = Track(left, output, stopping);
        var summary = Summarise(plan, left.Count, trackers, stopped, Stopwatch.GetElapsedTime(started).TotalSeconds);
        RetrackRecord.Update(job.Output, plan, summary);
        progress.Report(new JobEvent.RetrackDone(summary));
        return summary;
    }

    /// <returns>Whether it was stopped.</returns>
    private bool Track(List<RetrackedVideo> videos, OutputFolder output, CancellationToken stopping)
    {
        var atOnce = job.Options(new JobDraft()).Run.Videos ?? Environment.ProcessorCount;
        try
        {
            Parallel.ForEach(
                Partitioner.Create(videos, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = stopping },
                video => Track(video, output, stopping)
            );
            return false;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return true;
        }
        catch (AggregateException error)
        {
            // Several at once may fail for one reason, a full disk; one of them says it.
            throw error.Flatten().InnerExceptions.OfType<JobException>().FirstOrDefault() ?? (Exception)error;
        }
    }

    private void Track(RetrackedVideo video, OutputFolder output, CancellationToken stopping)
    {
        var (started, before) = (Stopwatch.GetTimestamp(), video.Before);
        progress.Report(new JobEvent.VideoStarted(before.Key, before.Path, before.Frames));
        try
        {
            var now = new VideoRetrack(video, output).Run(ThrottledProgress.Of(before.Key, progress), stopping);
            _done[before.Key] = (before, now);
            var summary = now.ToSummary(Stopwatch.GetElapsedTime(started).TotalSeconds);
            progress.Report(new JobEvent.VideoRetracked(before.Key, summary, before.Tracks));
        }
        catch (Exception error) when (error is InvalidDataException or FormatException)
        {
            output.Abandon(before.Key);
            Reject(before.Key, before.Path, "TABLES_UNREADABLE", $"{error.Message} It was left as it is. Run it again.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw OutputFolder.CannotWrite(error);
        }
    }

    private void Reject(string key, string path, string code, string message)
    {
        Interlocked.Increment(ref _rejected);
        progress.Report(new JobEvent.VideoRejected(key, path, code, message));
    }

    private RetrackSummary Summarise(RetrackPlan plan, int asked, string trackers, bool stopped, double seconds)
    {
        var records = _done.Values.ToList();
        var frames = records.Sum(record => record.Now.Frames);
        var now = plan.Videos.Select(video => _done.TryGetValue(video.Before.Key, out var done) ? done.Now : video.Before);
        return new RetrackSummary
        {
            Output = job.Output,
            Tracker = trackers,
            Videos = plan.Videos.Count + plan.Incomplete.Count,
            Done = records.Count,
            AlreadyDone = plan.Videos.Count - asked,
            Rejected = _rejected,
            Stopped = stopped,
            Frames = frames,
            Before = FolderSummary.Sum(records.Select(record => record.Before)),
            Classes = FolderSummary.Sum(records.Select(record => record.Now)),
            StaleAnnotations = now.Count(record => record.IsAnnotationStale),
            Seconds = seconds,
            FramesPerSecond = frames / Math.Max(0.001, seconds),
        };
    }
}
