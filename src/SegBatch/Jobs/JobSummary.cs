using SegBatch.Stitching;

namespace SegBatch.Jobs;

/// <summary>What working through the videos of a folder has come to.</summary>
public abstract record FolderSummary
{
    public required string Output { get; init; }

    public required int Videos { get; init; }

    /// <summary>Finished now.</summary>
    public required int Done { get; init; }

    /// <summary>Left alone, because an earlier call had done it.</summary>
    public required int AlreadyDone { get; init; }

    public required int Rejected { get; init; }

    /// <summary>Asked to stop before every video was done.</summary>
    public required bool Stopped { get; init; }

    public required long Frames { get; init; }

    /// <summary>Wall time of this call.</summary>
    public required double Seconds { get; init; }

    /// <summary>Frames of this call over its wall time.</summary>
    public required double FramesPerSecond { get; init; }

    public required IReadOnlyDictionary<string, ClassCount> Classes { get; init; }

    /// <summary>Instances and tracks per class name, over several videos.</summary>
    internal static Dictionary<string, ClassCount> Sum(IEnumerable<VideoRecord> records) =>
        records
            .SelectMany(record => record.Classes)
            .GroupBy(pair => pair.Key)
            .ToDictionary(
                group => group.Key,
                group => new ClassCount(group.Sum(pair => pair.Value.Instances), group.Sum(pair => pair.Value.Tracks))
            );
}

/// <summary>What was found in the whole job; counts cover videos done before as well.</summary>
public sealed record JobSummary : FolderSummary
{
    public required long Instances { get; init; }

    public required long Tracks { get; init; }

    /// <summary>Videos with frames that the decoder reported as damaged.</summary>
    public required int Damaged { get; init; }

    /// <summary>Per class name of a semantic network; empty for other networks.</summary>
    public IReadOnlyDictionary<string, RegionCount> Regions { get; init; } = new Dictionary<string, RegionCount>();

    /// <summary>Whether annotated videos were written.</summary>
    public required bool Annotated { get; init; }

    /// <summary>Whether annotated videos show ids that the offline pass has changed since.</summary>
    public bool AnnotatedBefore { get; init; }

    /// <param name="output">The output folder.</param>
    /// <param name="videos">How many the job has.</param>
    /// <param name="before">Commit records of those that were done before.</param>
    /// <param name="now">What this run has done.</param>
    /// <param name="stopped">Asked to stop before every video was done.</param>
    /// <param name="seconds">Wall time of this run.</param>
    internal static JobSummary Of(
        string output,
        int videos,
        IReadOnlyDictionary<string, VideoRecord> before,
        VideoOutcomes now,
        bool stopped,
        double seconds
    )
    {
        var records = before.Values.Concat(now.Done.Values.Select(outcome => outcome.Record)).ToList();
        return new JobSummary
        {
            Output = output,
            Videos = videos,
            Done = now.Done.Count,
            AlreadyDone = before.Count,
            Rejected = now.Rejected.Count,
            Stopped = stopped,
            Frames = records.Sum(record => record.Frames),
            Instances = records.Sum(record => record.Instances),
            Tracks = records.Sum(record => record.Tracks),
            Damaged = records.Count(record => record.DamagedFrames > 0),
            Seconds = seconds,
            FramesPerSecond = now.Done.Values.Sum(outcome => outcome.Record.Frames) / Math.Max(0.001, seconds),
            Classes = Sum(records),
            AnnotatedBefore = records.Any(record => OfflineReport.TellsOfAnnotation(record.Notes)),
            Annotated = records.Any(record => record.HasAnnotation),
            Regions = SumRegions(records),
        };
    }

    private static Dictionary<string, RegionCount> SumRegions(List<VideoRecord> records)
    {
        var frames = Math.Max(1, records.Sum(record => record.Frames));
        return records
            .SelectMany(record => record.Regions?.Select(pair => (pair.Key, pair.Value, record.Frames)) ?? [])
            .GroupBy(region => region.Key)
            .ToDictionary(
                group => group.Key,
                group => new RegionCount(
                    group.Sum(region => region.Value.Frames),
                    group.Sum(region => region.Value.MeanShare * region.Frames) / frames
                )
            );
    }
}
