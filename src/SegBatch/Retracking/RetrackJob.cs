using SegBatch.Jobs;

namespace SegBatch.Retracking;

/// <summary>What is to be tracked again, and how.</summary>
public sealed record RetrackJob
{
    /// <summary>Absolute path of a run's output folder.</summary>
    public required string Output { get; init; }

    /// <summary>Changes the tracking options that the tables were made with. Other options are not looked at, but for <see cref="RunOptions.Videos"/>.</summary>
    public Func<JobDraft, JobDraft> Options { get; init; } = draft => draft;

    /// <summary>Track also those videos again whose tracks were made with the same options.</summary>
    public bool Again { get; init; }
}
