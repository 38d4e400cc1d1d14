using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>The objects of one frame, best score first, with the pooled memory of their masks.</summary>
public sealed class DetectionList : IDisposable
{
    /// <summary>In order of detection: score descending, ties by anchor.</summary>
    public List<DetectedObject> Items { get; } = [];

    /// <summary>Where the masks' run lengths live.</summary>
    public RunBuffer Runs { get; } = new();

    public void Clear()
    {
        Items.Clear();
        Runs.Clear();
    }

    public void Dispose() => Runs.Dispose();
}
