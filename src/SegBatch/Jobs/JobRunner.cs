using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SegBatch.Demo;
using SegBatch.Detection;
using SegBatch.Gpu;
using SegBatch.Inference;
using SegBatch.Letterboxing;

namespace SegBatch.Jobs;

/// <summary>Runs a job: lists its videos, leaves out those that are done, works on several at once, and writes the run record.</summary>
public sealed class JobRunner(JobManifest job, IProgress<JobEvent> progress, ILogger log)
{
    private readonly VideoOutcomes _videos = new();

    /// <summary>What passed between host and device, after the job; null where nothing of it ran on a device.</summary>
    internal GpuTraffic? Traffic { get; private set; }

    /// <summary>The videos that this run has finished, by their keys.</summary>
    internal IReadOnlyDictionary<string, VideoOutcome> Outcomes => _videos.Done;

    /// <summary>Runs to the end, or to a stop: a stop is told in the summary, not thrown, once videos are under way.</summary>
    /// <exception cref="JobException">The job as a whole cannot go on.</exception>
    /// <exception cref="ModelException">The model cannot be used as asked.</exception>
    public async Task<JobSummary> RunAsync(CancellationToken stopping)
    {
        using var model = JobModels.Open(job, log);
        return await RunAsync(model, stopping);
    }

    /// <summary>Runs with a model that is open already and stays open.</summary>
    internal async Task<JobSummary> RunAsync(OnnxSegmentationModel model, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        Note(job.Warnings);
        using var gpu = JobModels.OpenGpu(job, model);
        using var prompts = JobModels.OpenPrompts(job, model);
        if (job.DemoFolder is { } demo)
        {
            await DemoArchive.EnsureAsync(demo, line => Note([line]), stopping);
        }

        var sources = SourceFinder.Find(job);
        var refine = prompts is null ? null : job.Refine?.Settings(prompts.Encoder.Card, prompts.DecoderCard);
        var work = PreparedSource.Prepare(sources, model.Card, refine, job.IsPromptOnly);
        using var looks = AppearanceModels.Open(sources.Select(source => source.Options.Tracking), model.Device);
        Note(HowItIsFed(model.Card));

        using var output = OutputFolder.Open(job.Output);
        var before = CommittedVideos.Find(job.Output, work);
        Note(before.Notes);
        var left = work.Where(item => !before.Done.ContainsKey(item.Source.Key)).ToList();
        progress.Report(
            new JobEvent.PlanReady(
                sources.Count,
                before.Done.Count,
                FrameEstimate.Of([.. left.Select(item => item.Source)]),
                model.Device.ToString(),
                Path.GetFileName(job.Model.Path)
            )
        );

        var running = new RunningJob
        {
            Job = job,
            Model = model,
            Gpu = gpu,
            Prompts = prompts,
            Looks = looks,
            Output = output,
            Progress = progress,
            Log = log,
        };
        var stopped = await _videos.RunAsync(left, running, stopping);
        Traffic = gpu?.Traffic;
        Note(gpu?.Notes ?? []);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var summary = JobSummary.Of(job.Output, sources.Count, before.Done, _videos, stopped, seconds);
        RunRecord.Write(job, sources, model, before.Done, _videos, summary);
        progress.Report(new JobEvent.JobDone(summary));
        return summary;
    }

    private void Note(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            progress.Report(new JobEvent.Note(line));
        }
    }

    /// <summary>Exports do not say how they are fed; a wrong guess would cost objects and nobody would know.</summary>
    private IEnumerable<string> HowItIsFed(ModelCard card) =>
        card.Convention == InputConvention.Yolo || job.IsPromptOnly
            ? []
            : [$"{Path.GetFileName(job.Model.Path)} is read as {ModelLayouts.Recognise(card).Name} and fed {card.Convention}"];
}
