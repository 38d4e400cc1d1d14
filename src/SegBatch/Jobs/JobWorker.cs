using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SegBatch.Jobs;

/// <summary>Runs one job as a hosted service and then stops the host.</summary>
public sealed class JobWorker(JobManifest job, IProgress<JobEvent> progress, IHostApplicationLifetime lifetime, ILogger<JobWorker> log)
    : BackgroundService
{
    /// <summary>What was found; null until the job has ended by itself or by a stop.</summary>
    public JobSummary? Summary { get; private set; }

    /// <summary>Why the job as a whole could not go on; null when it ended by itself.</summary>
    public Exception? Failure { get; private set; }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        log.LogInformation("Job {Name}", job.Name);
        progress.Report(new JobEvent.Note("not built yet"));
        lifetime.StopApplication();
        return Task.CompletedTask;
    }
}
