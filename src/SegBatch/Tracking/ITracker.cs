using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>What a tracker sees of a detection: box in frame pixels, score, class. Index in the span = index in the frame's list.</summary>
public readonly record struct TrackInput(Box Box, float Score, int ClassId);

/// <summary>A confirmed track in this frame.</summary>
/// <param name="TrackId">From 1 in each video.</param>
/// <param name="DetectionIndex">Index of the detection that was matched.</param>
/// <param name="Estimate">The tracker's own estimate of the box, frame pixels, not clipped.</param>
public readonly record struct TrackedObject(long TrackId, int DetectionIndex, Box Estimate);

/// <summary>Follows the objects of one video. One instance per video, called once for every frame in order, also when nothing was found.</summary>
public interface ITracker
{
    /// <summary>Advances by one frame.</summary>
    /// <param name="evidence">What is known of the frame; only valid during the call.</param>
    /// <param name="tracks">Receives the tracks shown in this frame, in the tracker's order; cleared first.</param>
    void Update(FrameEvidence evidence, List<TrackedObject> tracks);
}
