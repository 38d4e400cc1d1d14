using SegBatch.Appearance;
using SegBatch.Letterboxing;
using SegBatch.Motion;
using SegBatch.Refining;

namespace SegBatch.Pipeline;

/// <summary>How one video flows. Worker counts never change a result: order is kept.</summary>
public sealed record PipelineOptions
{
    public LetterboxOptions Letterbox { get; init; } = new();

    /// <summary>Looks at the camera's motion from frame to frame, for this video alone; null: nobody does.</summary>
    public CameraMotionEstimator? CameraMotion { get; init; }

    /// <summary>Says what objects look like, for trackers that compare it; null where none does.</summary>
    public AppearanceModel? Appearance { get; init; }

    /// <summary>Least score of the objects that <see cref="Appearance"/> looks at.</summary>
    public float AppearanceFrom { get; init; }

    /// <summary>Frames whose masks are decoded at once.</summary>
    public int DetectWorkers { get; init; } = Environment.ProcessorCount;

    /// <summary>Gives detections other masks; null leaves them those of the head. The caller disposes it behind the run.</summary>
    public MaskRefiner? Refiner { get; init; }

    /// <summary>Frames of one video that exist at once: the one number that bounds its memory. Null: enough to keep every stage busy.</summary>
    public int? FramesInFlight { get; init; }
}
