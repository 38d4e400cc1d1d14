namespace SegBatch.Jobs;

/// <summary>Everything that is wrong with a manifest or a command line, at once, each with its place.</summary>
public sealed class ManifestException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>"job.yaml:3:5: what is wrong", followed by the line itself where there is one.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
