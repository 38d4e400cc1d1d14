namespace SegBatch.Jobs;

/// <summary>What tracking a folder again has come to; frames and counts are of the videos that were tracked again.</summary>
public sealed record RetrackSummary : FolderSummary
{
    /// <summary>The tracker by name; several names where videos differ.</summary>
    public required string Tracker { get; init; }

    /// <summary>Counts of the same videos, before.</summary>
    public required IReadOnlyDictionary<string, ClassCount> Before { get; init; }

    /// <summary>Videos whose annotated video shows other tracks than the tables do now.</summary>
    public required int StaleAnnotations { get; init; }

    public long TracksBefore => Before.Values.Sum(count => count.Tracks);

    public long Tracks => Classes.Values.Sum(count => count.Tracks);
}
