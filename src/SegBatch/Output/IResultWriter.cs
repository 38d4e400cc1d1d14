using SegBatch.Tracking;

namespace SegBatch.Output;

/// <summary>
/// Writes one kind of result of one video, frame by frame, into a staging path. Nothing it wrote counts before
/// <see cref="Finish"/> has returned; disposing without it drops the work and removes the staged file.
/// </summary>
public interface IResultWriter : IDisposable
{
    /// <summary>Takes one frame in order. The frame stays the caller's.</summary>
    void Write(TrackedFrame frame);

    /// <summary>Closes the files and returns them: where they are staged, and their final place relative to the output folder.</summary>
    IReadOnlyList<StagedFile> Finish();
}

/// <summary>A complete file waiting to be moved to its final name.</summary>
public readonly record struct StagedFile(string StagedPath, string RelativePath);
