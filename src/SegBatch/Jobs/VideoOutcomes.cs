using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SegBatch.Decoding;
using SegBatch.Inference;
using SegBatch.Pipeline;

namespace SegBatch.Jobs;

/// <summary>How one video went.</summary>
/// <param name="Acceleration">The hardware that decoded; null for software.</param>
/// <param name="HardwareFallbacks">Hardware decoders that were asked for and gave way.</param>
public sealed record VideoOutcome(VideoRecord Record, PipelineReport Pipeline, string? Acceleration, int HardwareFallbacks, double Seconds);

/// <summary>Does the videos of a job, and knows which are done, which were given up, and when the job as a whole cannot go on.</summary>
internal sealed class VideoOutcomes
{
    /// <summary>So many videos in a row that fail for a reason of ours, not theirs, end the job.</summary>
    private const int MostFailuresInARow = 3;

    private readonly ConcurrentDictionary<string, VideoOutcome> _done = [];
    private readonly ConcurrentDictionary<string, RejectRecord> _rejected = [];
    private int _failuresInARow;

    /// <summary>The videos that were finished, by their keys.</summary>
    public IReadOnlyDictionary<string, VideoOutcome> Done => _done;

    /// <summary>The videos that were given up, by their keys.</summary>
    public IReadOnlyDictionary<string, RejectRecord> Rejected => _rejected;

    /// <summary>Does videos, several at once.</summary>
    /// <returns>Whether it was stopped before all were done.</returns>
    /// <exception cref="JobException">The job as a whole cannot go on.</exception>
    public async Task<bool> RunAsync(IEnumerable<PreparedSource> videos, RunningJob job, CancellationToken stopping)
    {
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = job.VideosAtOnce, CancellationToken = stopping };
            await Parallel.ForEachAsync(videos, parallel, async (video, token) => await RunAsync(video, job, token));
            return false;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return true;
        }
    }

    private async Task RunAsync(PreparedSource video, RunningJob job, CancellationToken stopping)
    {
        var key = video.Source.Key;
        try
        {
            var outcome = await new VideoJob(video, job).RunAsync(stopping);
            _done[key] = outcome;
            Interlocked.Exchange(ref _failuresInARow, 0);
            job.Progress.Report(new JobEvent.VideoDone(key, outcome.Record.ToSummary(outcome.Seconds)));
        }
        catch (OperationCanceledException)
        {
            job.Output.Abandon(key);
            throw;
        }
        catch (Exception error)
        {
            Reject(video.Source, job, error);
        }
    }

    /// <summary>A broken video is its own affair; a full disk or a network that cannot run is everybody's.</summary>
    private void Reject(FoundSource source, RunningJob job, Exception error)
    {
        var cause = error is StageException { InnerException: { } inner } ? inner : error;
        var code = cause switch
        {
            DecodingException decoding => decoding.Code,
            ModelException failed => failed.Code,
            _ => "INTERNAL",
        };
        job.Output.Abandon(source.Key);
        if (cause is IOException and not FileNotFoundException or UnauthorizedAccessException)
        {
            throw OutputFolder.CannotWrite(error);
        }

        if (cause is not DecodingException && Interlocked.Increment(ref _failuresInARow) >= MostFailuresInARow)
        {
            throw new JobException(
                JobFailure.Unavailable,
                $"{MostFailuresInARow} videos in a row failed for the same kind of reason; the last: {error.Message}",
                error
            );
        }

        job.Log.LogDebug(error, "{Path} was rejected", source.Path);
        var message = cause is DecodingException ? cause.Message : error.Message;
        var record = new RejectRecord(source.Key, source.Path, code, message);
        _rejected[source.Key] = record;
        job.Output.Reject(record);
        job.Progress.Report(new JobEvent.VideoRejected(source.Key, source.Path, code, message));
    }
}
