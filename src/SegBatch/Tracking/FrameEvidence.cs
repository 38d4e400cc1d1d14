using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Tracking;

/// <summary>What a tracker may know of one frame. All of it is borrowed for the length of one call.</summary>
/// <param name="detections">All detections down to the tracker's low threshold.</param>
public readonly ref struct FrameEvidence(ReadOnlySpan<TrackInput> detections)
{
    /// <summary>All detections of the frame down to the tracker's low threshold.</summary>
    public ReadOnlySpan<TrackInput> Detections { get; } = detections;

    /// <summary>One mask per detection, or none at all where the source has no masks.</summary>
    public ReadOnlySpan<RleMask> Masks { get; init; }

    /// <summary>Appearance of the detections, one row of unit length per detection; empty where no model looks at it.</summary>
    public ReadOnlySpan<float> Appearance { get; init; }

    /// <summary>Where a point of the background seen in the frame before lies in this one, frame pixels; null where nobody looked.</summary>
    public AffineMotion? CameraMotion { get; init; }
}
