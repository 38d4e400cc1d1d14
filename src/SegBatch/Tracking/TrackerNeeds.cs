using SegBatch.Motion;

namespace SegBatch.Tracking;

/// <summary>What a tracker goes by besides boxes, scores and classes: what has to be there, or kept, for it to run.</summary>
/// <param name="Masks">It looks at masks.</param>
/// <param name="CameraMotion">By which method the camera's motion is found for it; null where it does without.</param>
/// <param name="Appearance">By which model its objects' appearance is described; null where it does without.</param>
public readonly record struct TrackerNeeds(bool Masks, string? CameraMotion, string? Appearance)
{
    /// <summary>The needs of the tracker that the options name.</summary>
    public static TrackerNeeds Of(TrackingOptions options) =>
        // A tracker that nobody has noted here gets masks: it costs time, not correctness.
        new(
            options.Tracker is not ("bytetrack" or "botsort" or "ocsort" or "deepocsort" or "fasttrack" or "tracktrack" or "none"),
            options.CameraMotion == CameraMotionMethod.None ? null : options.CameraMotion.Name(),
            Trackers.ComparesLooksFrom(options) is null ? null : options.AppearanceModel ?? "auto"
        );
}
