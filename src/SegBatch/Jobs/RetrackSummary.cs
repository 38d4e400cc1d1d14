namespace SegBatch.Jobs;

/// <summary>What tracking a folder again has come to.</summary>
public sealed record RetrackSummary
{
    public required string Output { get; init; }

    /// <summary>The tracker by name; several names where videos differ.</summary>
    public required string Tracker { get; init; }

    /// <summary>Videos in the folder.</summary>
    public required int Videos { get; init; }

    /// <summary>Tracked again now.</summary>
    public required int Done { get; init; }

    /// <summary>Left alone, because their tracks were made with these options already.</summary>
    public required int AlreadyDone { get; init; }

    /// <summary>Not tracked again; they have the tracks they had.</summary>
    public required int Rejected { get; init; }

    /// <summary>Asked to stop before every video was done.</summary>
    public required bool Stopped { get; init; }

    /// <summary>Frames of the videos that were tracked again.</summary>
    public required long Frames { get; init; }

    /// <summary>Of the same videos, before.</summary>
    public required IReadOnlyDictionary<string, ClassCount> Before { get; init; }

    /// <summary>Of the same videos, now.</summary>
    public required IReadOnlyDictionary<string, ClassCount> Classes { get; init; }

    /// <summary>Videos whose annotated video shows other tracks than the tables do now.</summary>
    public required int StaleAnnotations { get; init; }

    public required double Seconds { get; init; }

    public required double FramesPerSecond { get; init; }

    public long TracksBefore => Before.Values.Sum(count => count.Tracks);

    public long Tracks => Classes.Values.Sum(count => count.Tracks);
}
