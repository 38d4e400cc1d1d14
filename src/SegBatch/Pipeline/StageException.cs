namespace SegBatch.Pipeline;

/// <summary>A stage of a video's graph failed. The message names the stage, the frames and the file; the cause is inside.</summary>
public sealed class StageException(string stage, string item, string video, Exception inner)
    : Exception($"Stage '{stage}' failed on {item} of {video}: {inner.Message}", inner)
{
    public string Stage { get; } = stage;
}
