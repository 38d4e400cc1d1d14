using System.Collections.Concurrent;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.Refining;

namespace SegBatch.Jobs;

/// <summary>What a run of the job would do with a video.</summary>
public enum PlannedState
{
    ToDo,

    /// <summary>Done by an earlier run on the same output.</summary>
    Done,

    /// <summary>Done before, but the source changed since.</summary>
    Again,

    /// <summary>It cannot be read; a run would reject it.</summary>
    Reject,
}

/// <summary>One video of a plan.</summary>
public sealed record PlannedVideo
{
    public required string Key { get; init; }

    public required string Path { get; init; }

    public required PlannedState State { get; init; }

    /// <summary>What its container says; null for a reject.</summary>
    public VideoInfo? Info { get; init; }

    /// <summary>Frames that the options leave to read; null where the container does not say.</summary>
    public long? Frames { get; init; }

    /// <summary>Every n-th frame is read.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Roughly the bytes its results will take; 0 for what is done or rejected.</summary>
    public long Bytes { get; init; }

    /// <summary>The verdict's code, and why; null unless it is a reject.</summary>
    public string? Code { get; init; }

    public string? Message { get; init; }
}

/// <summary>What a run of a job would do: every video looked at, nothing decoded, nothing written.</summary>
public sealed record JobPlan
{
    public required JobManifest Job { get; init; }

    public required ModelCard Model { get; init; }

    /// <summary>In order of path.</summary>
    public required IReadOnlyList<PlannedVideo> Videos { get; init; }

    /// <summary>Bytes free where the output goes; null when the system does not say.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Roughly the bytes that the videos still to do will take.</summary>
    public long NeededBytes => Videos.Sum(video => video.Bytes);

    public int Count(PlannedState state) => Videos.Count(video => video.State == state);

    /// <summary>Finds, checks and probes everything that a run would.</summary>
    /// <param name="job">The job.</param>
    /// <param name="looked">Told how many videos were looked at so far, and how many there are; from any thread.</param>
    /// <param name="stopping">Ends the work early.</param>
    /// <exception cref="JobException">A run would not start, or the model is of no known layout.</exception>
    /// <exception cref="ModelException">The model cannot be used as asked.</exception>
    public static JobPlan Make(JobManifest job, Action<int, int>? looked, CancellationToken stopping)
    {
        var pair = job.Refine is { } refine
            ? PromptModel.Check(refine.Encoder, refine.Decoder)
            : ((ModelCard Encoder, ModelCard Decoder)?)null;
        var card = job.IsPromptOnly ? pair!.Value.Encoder : ModelLayouts.Read(job.Model.Path, job.Model.Overrides);
        PreparedSource.CheckModel(job.Model, card);
        if (job.DemoFolder is { } demo && !Directory.Exists(demo))
        {
            throw new JobException(
                JobFailure.Configuration,
                $"The demo archive {demo} is not rendered yet, and a plan writes nothing. 'segbatch run' renders it and does the job."
            );
        }

        if (File.Exists(job.Output))
        {
            throw new JobException(JobFailure.CannotWrite, $"The output {job.Output} is a file. Choose a folder, or a new name for one.");
        }

        var settings = pair is var (encoder, decoder) ? job.Refine?.Settings(encoder, decoder) : null;
        var work = PreparedSource.Prepare(SourceFinder.Find(job), card, settings, job.IsPromptOnly);
        var before = CommittedVideos.Find(job.Output, work);
        var changed = before.Changed.ToHashSet(StringComparer.Ordinal);
        var videos = new PlannedVideo[work.Count];
        var done = 0;
        var range = Partitioner.Create(0, work.Count, 1);
        Parallel.ForEach(
            range,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stopping },
            part =>
            {
                for (var i = part.Item1; i < part.Item2; i++)
                {
                    var source = work[i].Source;
                    var state =
                        before.Done.ContainsKey(source.Key) ? PlannedState.Done
                        : changed.Contains(source.Key) ? PlannedState.Again
                        : PlannedState.ToDo;
                    videos[i] = Look(source, state);
                    looked?.Invoke(Interlocked.Increment(ref done), work.Count);
                }
            }
        );
        return new JobPlan
        {
            Job = job,
            Model = card,
            Videos = videos,
            FreeBytes = DiskEstimate.Free(job.Output),
        };
    }

    private static PlannedVideo Look(FoundSource source, PlannedState state)
    {
        try
        {
            var info = VideoProbe.Probe(source.Path);
            var frames = FrameEstimate.Of(info, source.Options.Decoding);
            return new PlannedVideo
            {
                Key = source.Key,
                Path = source.Path,
                State = state,
                Info = info,
                Frames = frames,
                Stride = source.Options.Decoding.Stride,
                Bytes = state == PlannedState.Done ? 0 : DiskEstimate.Results(info, frames ?? 0, source.Options),
            };
        }
        catch (DecodingException error)
        {
            return new PlannedVideo
            {
                Key = source.Key,
                Path = source.Path,
                State = state == PlannedState.Done ? state : PlannedState.Reject,
                Code = error.Code,
                Message = error.Message,
            };
        }
    }
}
