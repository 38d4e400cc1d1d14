namespace SegBatch.Jobs;

/// <summary>What the command line says about a job; it goes over what a manifest says.</summary>
public sealed record JobOverrides
{
    /// <summary>Options, applied last and to every source.</summary>
    public Func<JobDraft, JobDraft> Options { get; init; } = draft => draft;

    /// <summary>What is odd about <see cref="Options"/> without being wrong.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Absolute path of the model; null leaves the manifest's, with all it says about it.</summary>
    public string? Model { get; init; }

    /// <summary>Absolute path of the output folder; null leaves the manifest's.</summary>
    public string? Output { get; init; }

    /// <summary>Sources in place of the manifest's; empty leaves those.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Folder that <see cref="Sources"/> are relative to.</summary>
    public string Folder { get; init; } = Environment.CurrentDirectory;
}
