using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SegBatch.Jobs;

/// <summary>Runs one job as a hosted service, and stops the host when it has ended.</summary>
public sealed class JobWorker(JobManifest job, IProgress<JobEvent> progress, IHostApplicationLifetime lifetime, ILogger<JobWorker> log)
    : BackgroundService
{
    /// <summary>What was found; null until the job has ended by itself or by a stop.</summary>
    public JobSummary? Summary { get; private set; }

    /// <summary>Why the job as a whole could not go on; null when it ended by itself or by a stop.</summary>
    public Exception? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Yield(); // the host is up before the first long call
            Summary = await new JobRunner(job, progress, log).RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            log.LogInformation("Job {Name} was stopped before its first video", job.Name);
        }
        catch (Exception error)
        {
            // Kept, not swallowed: whoever started the host asks for it and words it.
            Failure = error;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }
}
