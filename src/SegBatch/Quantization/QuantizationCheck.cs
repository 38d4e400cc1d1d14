using SegBatch.Evaluation;
using SegBatch.Geometry;

namespace SegBatch.Quantization;

/// <summary>How far a candidate agrees with its original on the same frames, and what both cost.</summary>
/// <param name="Agreement">The original's objects are the recorded ones; pairs by class and mask.</param>
/// <param name="Inputs">Input sizes that the frames were brought to.</param>
/// <param name="OriginalMs">CPU time of one run of the original in milliseconds, one thread, median over the frames.</param>
/// <param name="CandidateMs">The same of the candidate; runs of both alternate.</param>
public sealed record QuantizationCheck(Agreement Agreement, IReadOnlyList<FrameSize> Inputs, double OriginalMs, double CandidateMs)
{
    /// <summary>How many times the candidate's runs fit into one of the original's.</summary>
    public double Speedup => OriginalMs / CandidateMs;

    /// <summary>Why the candidate may not stand in for its original; null if it may.</summary>
    public string? Problem(QuantizationOptions options) =>
        Agreement.MaskIoU.Count == 0 ? "the original's objects have no counterpart: nothing can be said of the candidate's masks"
        : Agreement.MaskIoU.Mean < options.MinIoU
            ? string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"the mean mask IoU is {Agreement.MaskIoU.Mean:F4}, required is {options.MinIoU}"
            )
        : Agreement.Recall < options.MinRecall
            ? string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{Agreement.Recall:P1} of the original's objects are found, required are {options.MinRecall:P0}"
            )
        : null;
}
