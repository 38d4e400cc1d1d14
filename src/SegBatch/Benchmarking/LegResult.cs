using SegBatch.Pipeline;

namespace SegBatch.Benchmarking;

/// <summary>What one leg of one round did and cost.</summary>
/// <param name="Name">The leg's name, the same in every round.</param>
/// <param name="Frames">Frames, or runs of the network.</param>
/// <param name="Cost">Time, memory and company.</param>
/// <param name="Stages">What the pipeline's stages did; empty for a bare leg.</param>
/// <param name="BytesWritten">Size of the files that came out.</param>
public sealed record LegResult(string Name, long Frames, LegCost Cost, IReadOnlyList<StageReport> Stages, long BytesWritten)
{
    public double FramesPerSecond => Frames / Cost.WallSeconds;

    /// <summary>CPU time of the whole process, all threads, user and system.</summary>
    public double CpuMsPerFrame => 1000 * Cost.CpuSeconds / Frames;
}

/// <summary>What running something cost.</summary>
/// <param name="WallSeconds">By the clock.</param>
/// <param name="CpuSeconds">Of all threads of this process.</param>
/// <param name="ForeignShare">Share of the machine's cores that other programs took meanwhile, 0 to 1; null where the system does not tell.</param>
/// <param name="PeakBytes">Largest resident set of the process meanwhile.</param>
/// <param name="AllocatedBytes">Managed memory that was allocated, garbage included.</param>
/// <param name="Gen2Collections">Full collections of managed memory.</param>
public sealed record LegCost(
    double WallSeconds,
    double CpuSeconds,
    double? ForeignShare,
    long PeakBytes,
    long AllocatedBytes,
    int Gen2Collections
);
