using System.Runtime.InteropServices;
using SegBatch.Masks;
using SegBatch.Output;
using SegBatch.Tables;
using SegBatch.Tracking;

namespace SegBatch.Retracking;

/// <summary>
/// Hands the stored frames of one video to a tracker, in order, as a run would, and gives their rows the tracks that it finds. Which
/// rows are instances is decided anew, by the same rule as in a run.
/// </summary>
/// <param name="tracker">New, for this video.</param>
/// <param name="conf">Detections from this score on are instances, whatever the tracker says.</param>
/// <param name="above">The tracker sees detections above this score; null for all that were kept.</param>
/// <param name="needs">What the tracker looks at: else masks are not decoded, and a motion of the camera that is stored is not told.</param>
internal sealed class TableTracker(ITracker tracker, float conf, float? above, TrackerNeeds needs)
{
    private readonly List<int> _seen = [];
    private readonly List<TrackInput> _inputs = [];
    private readonly List<RleMask> _masks = [];
    private readonly List<TrackedObject> _tracks = [];

    /// <summary>Advances the tracker by one frame.</summary>
    /// <exception cref="FormatException">The text of a mask is damaged.</exception>
    public void Track(TableFrame frame)
    {
        frame.Detections.RemoveAll(detection => detection.Row.Source != InstanceRow.Detected);
        Collect(frame);
        tracker.Update(
            new FrameEvidence(CollectionsMarshal.AsSpan(_inputs))
            {
                Masks = CollectionsMarshal.AsSpan(_masks),
                CameraMotion = needs.CameraMotion is null ? null : frame.CameraMotion,
            },
            _tracks
        );

        var rows = CollectionsMarshal.AsSpan(frame.Detections);
        foreach (ref var row in rows)
        {
            row = new TableDetection(row.Row with { TrackId = null, TrackBox = null }, IsInstance: false);
        }

        foreach (var index in _seen)
        {
            ref var row = ref rows[index];
            row = row with { IsInstance = row.Row.Score >= conf };
        }

        foreach (var track in _tracks)
        {
            ref var row = ref rows[_seen[track.DetectionIndex]];
            row = new TableDetection(row.Row with { TrackId = track.TrackId, TrackBox = track.Estimate }, IsInstance: true);
        }
    }

    private void Collect(TableFrame frame)
    {
        _seen.Clear();
        _inputs.Clear();
        _masks.Clear();
        for (var i = 0; i < frame.Detections.Count; i++)
        {
            var row = frame.Detections[i].Row;
            if (row.Score is not { } score || score <= above)
            {
                continue;
            }

            _seen.Add(i);
            _inputs.Add(new TrackInput(row.Box, score, row.ClassId));
            if (needs.Masks)
            {
                _masks.Add(new RleMask(row.MaskSize, CocoRle.Decode(row.MaskRle.Span)));
            }
        }
    }
}
