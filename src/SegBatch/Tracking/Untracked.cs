namespace SegBatch.Tracking;

/// <summary>Follows nothing: every detection stands for itself.</summary>
public sealed class Untracked : ITracker
{
    public void Update(FrameEvidence evidence, List<TrackedObject> tracks) => tracks.Clear();
}
