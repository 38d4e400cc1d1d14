namespace SegBatch.Tables;

/// <summary>What the tables of one video need to know besides its frames. Nothing about the machine or the hour.</summary>
public sealed record TableContext
{
    /// <summary>Detections from this score on become rows of `instances`, whatever the tracker says.</summary>
    public required float Conf { get; init; }

    /// <summary>The model's class names by id.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Path of the video as the job knows it; text.</summary>
    public required string VideoPath { get; init; }

    /// <summary>SHA-256 of the model file, lower-case hex.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>The effective options as JSON.</summary>
    public required string OptionsJson { get; init; }

    /// <summary>Keep what neither <see cref="Conf"/> nor a track claimed, for tracking again later.</summary>
    public bool WriteCandidates { get; init; } = true;

    /// <summary>The network gives every pixel a class: a table of what each class covers is wanted.</summary>
    public bool WriteRegions { get; init; }

    /// <summary>Name of a class; its number where the model has no name for it.</summary>
    public string ClassName(int classId) => (uint)classId < (uint)ClassNames.Count ? ClassNames[classId] : $"{classId}";
}
