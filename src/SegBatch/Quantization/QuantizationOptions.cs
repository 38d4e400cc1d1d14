using SegBatch.Detection;
using SegBatch.Letterboxing;

namespace SegBatch.Quantization;

/// <summary>How a network is quantised and what its result must reach.</summary>
public sealed record QuantizationOptions
{
    /// <summary>Frames whose values set the ranges. Half as many others are compared.</summary>
    public int Frames { get; init; } = 64;

    /// <summary>Least mean mask IoU of matched objects.</summary>
    public double MinIoU { get; init; } = 0.95;

    /// <summary>Least share of the original's objects that must be found again.</summary>
    public double MinRecall { get; init; } = 0.8;

    public LetterboxOptions Letterbox { get; init; } = new();

    /// <summary>What counts as an object in the comparison.</summary>
    public DetectionOptions Detection { get; init; } = new();
}
