using System.Runtime.InteropServices;
using SegBatch.Detection;
using SegBatch.Masks;

namespace SegBatch.Tracking;

/// <summary>Hands the frames of one video to its tracker, in order. Buffers are kept: no allocation once warm.</summary>
public sealed class TrackerFeed(ITracker tracker, TrackPool tracks)
{
    private readonly List<TrackInput> _inputs = [];
    private readonly List<RleMask> _masks = [];

    /// <summary>Advances the tracker by one frame.</summary>
    /// <param name="frame">Taken over.</param>
    public TrackedFrame Track(DetectedFrame frame)
    {
        _inputs.Clear();
        _masks.Clear();
        foreach (var item in frame.Detections.Items)
        {
            _inputs.Add(new TrackInput(item.Box, item.Score, item.ClassId));
            _masks.Add(item.Mask);
        }

        var found = tracks.Rent();
        var evidence = new FrameEvidence(CollectionsMarshal.AsSpan(_inputs))
        {
            Masks = CollectionsMarshal.AsSpan(_masks),
            CameraMotion = frame.Frame.CameraMotion,
            Appearance = frame.Detections.Appearance,
        };
        tracker.Update(evidence, found);
        return new TrackedFrame(frame, found, tracks) { CameraMotion = evidence.CameraMotion };
    }
}
