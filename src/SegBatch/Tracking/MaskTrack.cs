using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>A track with the shape of its object. Reused for another track once dropped.</summary>
internal sealed class MaskTrack
{
    private BoxState _motion;
    private Box _shapeBox;
    private (float X1, float Y1, float X2, float Y2) _visible;
    private (double X, double Y) _seenAt;
    private (double X, double Y) _velocityWhenSeen;
    private int _votes;

    public long Id { get; private set; }

    public TrackState State { get; set; }

    /// <summary>Frame of the last sighting, from 1.</summary>
    public long LastFrame { get; private set; }

    public int Sightings { get; private set; }

    /// <summary>Index of the last detection matched, in its frame's list.</summary>
    public int DetectionIndex { get; private set; }

    /// <summary>Index of the detection that it is about to take in; -1 for none.</summary>
    public int Candidate { get; set; }

    /// <summary>Its place among the tracks of this frame.</summary>
    public int Row { get; set; }

    /// <summary>Class that most of its detections had (Boyer and Moore, "MJRTY: A fast majority vote algorithm", 1991).</summary>
    public int ClassId { get; private set; }

    /// <summary>Frames since the last sighting in which others covered its place.</summary>
    public int HiddenFrames { get; set; }

    /// <summary>Sightings in a row that showed a part of it without a reason.</summary>
    public int UnexplainedParts { get; private set; }

    /// <summary>The mask of the last detection that showed it as a whole, where it was then.</summary>
    public MaskShape Shape { get; } = new();

    /// <summary>Pixels of the object as a whole. A shape that others cover bit by bit would shrink with them, this does not.</summary>
    public long Area { get; private set; }

    /// <summary>Where the whole box is now by the filter, frame pixels, not clipped.</summary>
    public Box Estimate { get; private set; }

    /// <summary>Where the part last seen is now by the filter, frame pixels.</summary>
    public Box Visible
    {
        get
        {
            var (x, y) = (Estimate.CenterX, Estimate.CenterY);
            return new(x + _visible.X1, y + _visible.Y1, x + _visible.X2, y + _visible.Y2);
        }
    }

    /// <summary>How far the shape has to be moved to be where the track is now, whole pixels.</summary>
    public (int X, int Y) Shift =>
        ((int)MathF.Round(Estimate.CenterX - _shapeBox.CenterX), (int)MathF.Round(Estimate.CenterY - _shapeBox.CenterY));

    private static BoxKalmanFilter Filter => BoxKalmanFilter.Xywh;

    /// <summary>Begins a new track at a detection.</summary>
    public void Start(long id, in TrackInput detection, MaskShape shape, int index, long frame, TrackState state)
    {
        (Id, Sightings, Candidate, ClassId, _votes) = (id, 0, -1, detection.ClassId, 0);
        Area = shape.Area;
        _motion = Filter.Initiate(Filter.Measure(detection.Box));
        Take(shape, detection.Box);
        See(detection, index, frame, state);
    }

    /// <summary>Takes in a detection that shows all of the object.</summary>
    /// <param name="detection">What was found.</param>
    /// <param name="shape">Of its mask.</param>
    /// <param name="isUncovered">Whether others cover next to nothing of the object: its area is as it is seen.</param>
    /// <param name="index">Of the detection.</param>
    /// <param name="frame">From 1.</param>
    public void Match(in TrackInput detection, MaskShape shape, bool isUncovered, int index, long frame)
    {
        Area = isUncovered ? shape.Area : Math.Max(Area, shape.Area);
        Filter.Update(ref _motion, Filter.Measure(detection.Box));
        Take(shape, detection.Box);
        See(detection, index, frame, TrackState.Confirmed);
    }

    /// <summary>Takes in a detection that shows a part of the object: its size and its shape stay.</summary>
    /// <param name="detection">What was found.</param>
    /// <param name="shift">How far the shape has to be moved to lie where the part fits it.</param>
    /// <param name="sight">Whether something is seen that covers the rest.</param>
    /// <param name="index">Of the detection.</param>
    /// <param name="frame">From 1.</param>
    public void MatchPart(in TrackInput detection, (int X, int Y) shift, Sight sight, int index, long frame)
    {
        Filter.Update(ref _motion, Filter.Measure(ShapeBoxAt(shift)));
        UnexplainedParts += sight == Sight.Unexplained ? 1 : 0;
        See(detection, index, frame, TrackState.Confirmed);
    }

    /// <summary>Takes in a detection that says no more than that the object is there.</summary>
    public void MatchPresence(in TrackInput detection, int index, long frame) => See(detection, index, frame, TrackState.Confirmed);

    /// <summary>The whole box where the shape is moved.</summary>
    public Box ShapeBoxAt((int X, int Y) shift) =>
        new(_shapeBox.X1 + shift.X, _shapeBox.Y1 + shift.Y, _shapeBox.X2 + shift.X, _shapeBox.Y2 + shift.Y);

    /// <summary>Moves on to the next frame.</summary>
    /// <param name="camera">How the background moved; null where nobody looked. Of it, tracks take the way of their centre.</param>
    public void Predict(AffineMotion? camera)
    {
        if (State == TrackState.Lost)
        {
            // Unseen, it must not go on growing or shrinking.
            Filter.HoldSize(ref _motion);
        }

        Filter.Predict(ref _motion);
        if (camera is { } moved)
        {
            var (x, y) = (_motion.Value.GetElement(0), _motion.Value.GetElement(1));
            var (toX, toY) = ((moved.A * x) + (moved.B * y) + moved.Tx, (moved.C * x) + (moved.D * y) + moved.Ty);
            _motion.Value = _motion.Value.WithElement(0, toX).WithElement(1, toY);
            _seenAt = (_seenAt.X + toX - x, _seenAt.Y + toY - y);
        }

        Estimate = Filter.ToBox(in _motion);
    }

    /// <summary>
    /// Pixels from a box's centre to the way that the track may have gone since it was seen: anything from standing still to going straight on.
    /// </summary>
    public double DistanceFromWay(in Box box, long frame)
    {
        var unseen = frame - LastFrame;
        var (wayX, wayY) = (_velocityWhenSeen.X * unseen, _velocityWhenSeen.Y * unseen);
        var (x, y) = (box.CenterX - _seenAt.X, box.CenterY - _seenAt.Y);
        var length = (wayX * wayX) + (wayY * wayY);
        var gone = length > 0 ? Math.Clamp(((x * wayX) + (y * wayY)) / length, 0, 1) : 0;
        var (offX, offY) = (x - (gone * wayX), y - (gone * wayY));
        return Math.Sqrt((offX * offX) + (offY * offY));
    }

    private void Take(MaskShape shape, in Box box)
    {
        Shape.CopyFrom(shape);
        (_shapeBox, UnexplainedParts) = (box, 0);
    }

    private void See(in TrackInput detection, int index, long frame, TrackState state)
    {
        (DetectionIndex, LastFrame, State, HiddenFrames) = (index, frame, state, 0);
        Sightings++;
        Vote(detection.ClassId);
        Estimate = Filter.ToBox(in _motion);
        var (box, x, y) = (detection.Box, Estimate.CenterX, Estimate.CenterY);
        _visible = (box.X1 - x, box.Y1 - y, box.X2 - x, box.Y2 - y);
        _seenAt = (x, y);
        _velocityWhenSeen = (_motion.Velocity.GetElement(0), _motion.Velocity.GetElement(1));
    }

    private void Vote(int classId)
    {
        if (classId == ClassId)
        {
            _votes++;
        }
        else if (--_votes < 0)
        {
            (ClassId, _votes) = (classId, 1);
        }
    }
}
