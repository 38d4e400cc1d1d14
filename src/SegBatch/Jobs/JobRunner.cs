using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SegBatch.Decoding;
using SegBatch.Demo;
using SegBatch.Detection;
using SegBatch.Gpu;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using SegBatch.Pipeline;
using SegBatch.Refining;
using SegBatch.Stitching;

namespace SegBatch.Jobs;

/// <summary>Runs a job: lists its videos, leaves out those that are done, works on several at once, and writes the run record.</summary>
public sealed class JobRunner(JobManifest job, IProgress<JobEvent> progress, ILogger log)
{
    /// <summary>So many videos in a row that fail for a reason of ours, not theirs, end the job.</summary>
    private const int MostFailuresInARow = 3;

    private readonly ConcurrentDictionary<string, VideoOutcome> _done = [];
    private readonly ConcurrentDictionary<string, RejectRecord> _rejected = [];
    private int _failuresInARow;

    /// <summary>What passed between host and device, after the job; null where nothing of it ran on a device.</summary>
    internal GpuTraffic? Traffic { get; private set; }

    /// <summary>The videos that this run has finished, by their keys.</summary>
    internal IReadOnlyDictionary<string, VideoOutcome> Outcomes => _done;

    /// <summary>Runs to the end, or to a stop: a stop is told in the summary, not thrown, once videos are under way.</summary>
    /// <exception cref="JobException">The job as a whole cannot go on.</exception>
    /// <exception cref="ModelException">The model cannot be used as asked.</exception>
    public async Task<JobSummary> RunAsync(CancellationToken stopping)
    {
        using var model = OpenModel();
        return await RunAsync(model, stopping);
    }

    /// <summary>Runs with a model that is open already and stays open.</summary>
    internal async Task<JobSummary> RunAsync(OnnxSegmentationModel model, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var warning in job.Warnings)
        {
            progress.Report(new JobEvent.Note(warning));
        }

        using var gpu = OpenGpu(model);
        using var prompts = OpenPrompts(model);
        if (job.DemoFolder is { } demo)
        {
            await DemoArchive.EnsureAsync(demo, line => progress.Report(new JobEvent.Note(line)), stopping);
        }

        var sources = SourceFinder.Find(job);
        var work = PreparedSource.Prepare(
            sources,
            model.Card,
            prompts is null ? null : job.Refine?.Settings(prompts.Encoder.Card, prompts.DecoderCard),
            job.IsPromptOnly
        );
        using var looks = AppearanceModels.Open(sources.Select(source => source.Options.Tracking), model.Device);
        if (model.Card.Convention != InputConvention.Yolo && !job.IsPromptOnly)
        {
            // Exports do not say how they are fed; a wrong guess would cost objects and nobody would know.
            var layout = ModelLayouts.Recognise(model.Card);
            progress.Report(
                new JobEvent.Note($"{Path.GetFileName(job.Model.Path)} is read as {layout.Name} and fed {model.Card.Convention}")
            );
        }

        using var output = OutputFolder.Open(job.Output);
        var before = CommittedVideos.Find(job.Output, work);
        foreach (var key in before.Changed)
        {
            progress.Report(new JobEvent.Note($"{key}: the source changed since it was done; it is done again"));
        }

        if (before.TrackedAgain > 0)
        {
            progress.Report(
                new JobEvent.Note(
                    $"{before.TrackedAgain} of {work.Count} videos were tracked again since ('segbatch retrack') with other options than this "
                        + "job's; they are left as they are"
                )
            );
        }

        var left = work.Where(item => !before.Done.ContainsKey(item.Source.Key)).ToList();
        progress.Report(
            new JobEvent.PlanReady(
                sources.Count,
                before.Done.Count,
                EstimateFrames([.. left.Select(item => item.Source)]),
                model.Device.ToString(),
                Path.GetFileName(job.Model.Path)
            )
        );

        var stopped = false;
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = VideosAtOnce(model), CancellationToken = stopping };
            await Parallel.ForEachAsync(
                left,
                parallel,
                async (item, token) =>
                {
                    var video = new VideoJob(
                        item.Source,
                        item.Settings,
                        item.Classes,
                        model,
                        gpu,
                        looks.For(item.Source.Options.Tracking),
                        prompts,
                        job.Refine,
                        output,
                        job.Run.Candidates,
                        progress,
                        log
                    );
                    await RunOneAsync(video, item.Source, output, token);
                }
            );
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            stopped = true;
        }

        Traffic = gpu?.Traffic;
        foreach (var note in gpu?.Notes ?? [])
        {
            progress.Report(new JobEvent.Note(note));
        }

        var summary = Summarise(sources, before.Done, stopped, Stopwatch.GetElapsedTime(started).TotalSeconds);
        RunRecord.Write(job, sources, model, before.Done, _done, _rejected, summary);
        progress.Report(new JobEvent.JobDone(summary));
        return summary;
    }

    /// <summary>The model as the job asks for it.</summary>
    /// <exception cref="ModelException">It cannot be used as asked.</exception>
    /// <exception cref="JobException">It is not the file that the job names by its checksum.</exception>
    internal OnnxSegmentationModel OpenModel()
    {
        var options = new InferenceOptions
        {
            Device = job.Run.Device,
            Precision = job.Run.Precision,
            Batch = job.Run.Batch,
            TrimHead = !job.IsPromptOnly && !job.Sources.Any(source => source.Options.Letterbox.Reference), // there the whole network is the file's
        };
        var card = job.IsPromptOnly
            ? PromptModel.Check(job.Refine!.Encoder, job.Refine.Decoder).Encoder
            : ModelLayouts.Read(job.Model.Path, job.Model.Overrides);
        var model = OnnxSegmentationModel.Open(card, options);
        try
        {
            PreparedSource.CheckModel(job.Model, model.Card);
        }
        catch
        {
            model.Dispose();
            throw;
        }

        foreach (var refusal in model.Refusals)
        {
            log.LogInformation("{Refusal}", refusal);
        }

        if (model.NotTrimmed is { } why)
        {
            log.LogInformation("{Reason}", why);
        }

        return model;
    }

    /// <summary>Null where masks are the model's own.</summary>
    private PromptModel? OpenPrompts(OnnxSegmentationModel model) =>
        job.Refine is not { } pair ? null
        : job.IsPromptOnly ? PromptModel.Of(model, pair.Decoder)
        : PromptModel.Open(pair.Encoder, pair.Decoder, new InferenceOptions { Device = job.Run.Device, Precision = job.Run.Precision });

    /// <summary>Null where the plain model is the way.</summary>
    private GpuModel? OpenGpu(OnnxSegmentationModel model)
    {
        if (!model.Device.IsGpu || job.IsPromptOnly)
        {
            return null;
        }

        return GpuModel.TryCreate(model, ModelLayouts.Recognise(model.Card), new GpuOptions());
    }

    private async ValueTask RunOneAsync(VideoJob video, FoundSource source, OutputFolder output, CancellationToken token)
    {
        try
        {
            var outcome = await video.RunAsync(token);
            _done[source.Key] = outcome;
            Interlocked.Exchange(ref _failuresInARow, 0);
            progress.Report(new JobEvent.VideoDone(source.Key, outcome.Record.ToSummary(outcome.Seconds)));
        }
        catch (OperationCanceledException)
        {
            output.Abandon(source.Key);
            throw;
        }
        catch (Exception error)
        {
            Reject(source, output, error);
        }
    }

    /// <summary>A broken video is its own affair; a full disk or a network that cannot run is everybody's.</summary>
    private void Reject(FoundSource source, OutputFolder output, Exception error)
    {
        var cause = error is StageException { InnerException: { } inner } ? inner : error;
        var code = cause switch
        {
            DecodingException decoding => decoding.Code,
            ModelException failed => failed.Code,
            _ => "INTERNAL",
        };
        output.Abandon(source.Key);
        if (cause is IOException and not FileNotFoundException)
        {
            throw new JobException(
                JobFailure.CannotWrite,
                $"{error.Message}\nFree space or mend the output folder, then run again.",
                error
            );
        }

        if (cause is not DecodingException && Interlocked.Increment(ref _failuresInARow) >= MostFailuresInARow)
        {
            throw new JobException(
                JobFailure.Unavailable,
                $"{MostFailuresInARow} videos in a row failed for the same kind of reason; the last: {error.Message}",
                error
            );
        }

        log.LogDebug(error, "{Path} was rejected", source.Path);
        var message = cause is DecodingException ? cause.Message : error.Message;
        _rejected[source.Key] = new RejectRecord(source.Key, source.Path, code, message);
        output.Reject(_rejected[source.Key]);
        progress.Report(new JobEvent.VideoRejected(source.Key, source.Path, code, message));
    }

    private int VideosAtOnce(OnnxSegmentationModel model) =>
        job.Run.Videos ?? (model.Device.IsGpu ? 8 : Math.Min(2, Environment.ProcessorCount));

    /// <summary>From the containers' own words, and only for archives small enough to ask each file. Null when one of them does not say.</summary>
    private static long? EstimateFrames(IReadOnlyList<FoundSource> sources)
    {
        const int MostProbed = 200;
        if (sources.Count > MostProbed)
        {
            return null;
        }

        var total = 0L;
        foreach (var source in sources)
        {
            try
            {
                if (VideoJob.FramesToRead(VideoProbe.Glance(source.Path), source.Options.Decoding) is not { } frames)
                {
                    return null;
                }

                total += frames;
            }
            catch (DecodingException)
            {
                // Its own turn will reject it, with the reason; it adds no frames.
                continue;
            }
        }

        return total;
    }

    private JobSummary Summarise(
        IReadOnlyList<FoundSource> sources,
        IReadOnlyDictionary<string, VideoRecord> before,
        bool stopped,
        double seconds
    )
    {
        var records = before.Values.Concat(_done.Values.Select(outcome => outcome.Record)).ToList();
        var fresh = _done.Values.Sum(outcome => outcome.Record.Frames);
        return new JobSummary
        {
            Output = job.Output,
            Videos = sources.Count,
            Done = _done.Count,
            AlreadyDone = before.Count,
            Rejected = _rejected.Count,
            Stopped = stopped,
            Frames = records.Sum(record => record.Frames),
            Instances = records.Sum(record => record.Instances),
            Tracks = records.Sum(record => record.Tracks),
            Damaged = records.Count(record => record.DamagedFrames > 0),
            Seconds = seconds,
            FramesPerSecond = fresh / Math.Max(0.001, seconds),
            Classes = records
                .SelectMany(record => record.Classes)
                .GroupBy(pair => pair.Key)
                .ToDictionary(
                    group => group.Key,
                    group => new ClassCount(group.Sum(pair => pair.Value.Instances), group.Sum(pair => pair.Value.Tracks))
                ),
            AnnotatedBefore = records.Any(record => OfflineReport.TellsOfAnnotation(record.Notes)),
            Annotated = records.Any(record => record.HasAnnotation),
            Regions = records
                .SelectMany(record => record.Regions?.Select(pair => (pair.Key, pair.Value, record.Frames)) ?? [])
                .GroupBy(region => region.Key)
                .ToDictionary(
                    group => group.Key,
                    group => new RegionCount(
                        group.Sum(region => region.Value.Frames),
                        group.Sum(region => region.Value.MeanShare * region.Frames) / Math.Max(1, records.Sum(record => record.Frames))
                    )
                ),
        };
    }
}
