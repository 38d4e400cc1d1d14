using SegBatch.Letterboxing;
using SegBatch.Refining;

namespace SegBatch.Pipeline;

/// <summary>How one video flows. Worker counts never change a result: order is kept.</summary>
public sealed record PipelineOptions
{
    public LetterboxOptions Letterbox { get; init; } = new();

    /// <summary>Frames whose masks are decoded at once.</summary>
    public int DetectWorkers { get; init; } = Environment.ProcessorCount;

    /// <summary>Gives detections other masks; null leaves them those of the head. The caller disposes it behind the run.</summary>
    public MaskRefiner? Refiner { get; init; }

    /// <summary>Frames of one video that exist at once: the one number that bounds its memory. Null: enough to keep every stage busy.</summary>
    public int? FramesInFlight { get; init; }
}
