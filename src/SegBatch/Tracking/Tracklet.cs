using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>A track as the tracker carries it from frame to frame. Reused for another track once dropped.</summary>
internal sealed class Tracklet
{
    private static readonly BoxKalmanFilter s_filter = BoxKalmanFilter.Xyah;

    private BoxState _motion;

    public long Id { get; private set; }

    public TrackState State { get; set; }

    /// <summary>Frame of the first sighting, from 1.</summary>
    public long StartFrame { get; private set; }

    /// <summary>Frame of the last sighting, from 1.</summary>
    public long LastFrame { get; private set; }

    /// <summary>Index of the last detection matched, in its frame's list.</summary>
    public int DetectionIndex { get; private set; }

    /// <summary>Number of this removal among all of the video's, from 1; 0 when it was never removed.</summary>
    public long RemovalNumber { get; set; }

    /// <summary>Another track holds the same object, and this one goes.</summary>
    public bool IsDuplicate { get; set; }

    /// <summary>Where the box is now by the filter, frame pixels, not clipped.</summary>
    public Box Estimate { get; private set; }

    public long Age => LastFrame - StartFrame;

    /// <summary>Begins a new track at a detection.</summary>
    public void Start(long id, Box box, int detectionIndex, long frame, TrackState state)
    {
        (Id, StartFrame, RemovalNumber, IsDuplicate) = (id, frame, 0, false);
        _motion = s_filter.Initiate(Measure(box));
        See(detectionIndex, frame, state);
    }

    /// <summary>Takes in the detection it was matched with.</summary>
    public void Match(Box box, int detectionIndex, long frame)
    {
        s_filter.Update(ref _motion, Measure(box));
        See(detectionIndex, frame, TrackState.Confirmed);
    }

    /// <summary>Moves on to the next frame.</summary>
    public void Predict()
    {
        if (State != TrackState.Confirmed)
        {
            // Unseen, it must not go on growing or shrinking.
            _motion.Velocity = _motion.Velocity.WithElement(3, 0);
        }

        s_filter.Predict(ref _motion);
        Estimate = ToBox();
    }

    private static Vector256<double> Measure(Box box)
    {
        double width = box.Width;
        double height = box.Height;
        return Vector256.Create(box.X1 + width / 2, box.Y1 + height / 2, width / height, height);
    }

    private void See(int detectionIndex, long frame, TrackState state)
    {
        (DetectionIndex, LastFrame, State) = (detectionIndex, frame, state);
        Estimate = ToBox();
    }

    private Box ToBox()
    {
        var height = _motion.Value.GetElement(3);
        var width = _motion.Value.GetElement(2) * height;
        var left = _motion.Value.GetElement(0) - width / 2;
        var top = _motion.Value.GetElement(1) - height / 2;
        return new Box((float)left, (float)top, (float)(left + width), (float)(top + height));
    }
}
