namespace SegBatch.Gpu;

/// <summary>What of the work around the network runs on its device.</summary>
public sealed record GpuOptions
{
    /// <summary>
    /// Anchors of a picture that come back, at most 3840 (TensorRT's limit). Where more pass the threshold, those that score least are
    /// not looked at, and a note says so.
    /// </summary>
    public int Candidates { get; init; } = 512;

    /// <summary>Also on the CPU provider: for tests, it is slower there.</summary>
    public bool OnCpu { get; init; }
}
