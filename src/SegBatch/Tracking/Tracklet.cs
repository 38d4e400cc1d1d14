using System.Runtime.Intrinsics;
using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>A track as the tracker carries it from frame to frame. Reused for another track once dropped.</summary>
/// <param name="filter">Motion model.</param>
/// <param name="observationAge">See <see cref="SegBatch.Tracking.Observations"/>; 0 for a tracker that does not look at them.</param>
/// <param name="statesKept">Sightings it can go back; 0 for a tracker that never does.</param>
internal sealed class Tracklet(BoxKalmanFilter filter, int observationAge, int statesKept)
{
    private readonly MotionHistory? _history = statesKept > 0 ? new MotionHistory(statesKept) : null;
    private BoxState _motion;
    private float[]? _appearance;
    private bool _wasLookedAt;

    /// <param name="filter">Motion model.</param>
    /// <param name="sightings">Empty; the tracklet's own, added to by its tracker.</param>
    public Tracklet(BoxKalmanFilter filter, Sightings sightings)
        : this(filter, observationAge: 0, statesKept: 0) => Sightings = sightings;

    /// <summary>Where it was seen; null for a tracker that does not look at it.</summary>
    public Observations? Observations { get; } = observationAge > 0 ? new Observations(observationAge) : null;

    /// <summary>How it was seen; null for a tracker that does not look at it.</summary>
    public Sightings? Sightings { get; }

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

    /// <summary>Found last by where it was observed, not by where it was predicted.</summary>
    public bool IsRecovered { get; private set; }

    /// <summary>Frames missed since the last sighting before another track hid it.</summary>
    public int Misses { get; set; }

    /// <summary>Frames missed since another track hid it, that one too; 0 again once it is seen.</summary>
    public int HiddenFrames { get; private set; }

    /// <summary>The frame in which another track hid it the last time; null when none ever did.</summary>
    public long? HiddenFrom { get; private set; }

    /// <summary>Where the box is now by the filter, frame pixels, not clipped.</summary>
    public Box Estimate { get; private set; }

    /// <summary>What it looked like lately, a vector of unit length; null while nobody looked.</summary>
    public float[]? Appearance => _wasLookedAt ? _appearance : null;

    public long Age => LastFrame - StartFrame;

    /// <summary>Begins a new track at a detection.</summary>
    public void Start(long id, Box box, int detectionIndex, long frame, TrackState state)
    {
        (Id, StartFrame, RemovalNumber, IsDuplicate) = (id, frame, 0, false);
        (HiddenFrom, _wasLookedAt) = (null, false);
        _history?.Clear();
        _motion = filter.Initiate(filter.Measure(box));
        Sightings?.Clear();
        Observations?.Start(frame, box);
        See(detectionIndex, frame, state);
    }

    /// <summary>Takes in the detection it was matched with.</summary>
    /// <param name="noise">Share of the usual variance that its box has.</param>
    public void Match(Box box, int detectionIndex, long frame, double noise = 1)
    {
        filter.Update(ref _motion, filter.Measure(box), noise);
        Observations?.Add(frame, box);
        IsRecovered = false;
        See(detectionIndex, frame, TrackState.Confirmed);
    }

    /// <summary>
    /// Takes in a detection after a gap as if it had gone there from the last one in a straight line (observation-centric re-update,
    /// Cao et al. 2023, section 4.1). It needs <see cref="Observations"/> and a state kept.
    /// </summary>
    public void Recover(Box box, int detectionIndex, long frame)
    {
        var last = Observations!.Newest;
        var gap = frame - LastFrame;
        _motion = _history!.Back(1);
        for (var step = 1; step < gap; step++)
        {
            filter.Predict(ref _motion);
            filter.Update(ref _motion, filter.Measure(Between(last, box, (float)step / gap)));
        }

        filter.Predict(ref _motion);
        Match(box, detectionIndex, frame);
        IsRecovered = true;
    }

    /// <summary>
    /// Takes in what it looks like in this frame: an exponential average of 0.9 old and 0.1 new, of unit length again (Aharon et al. 2022,
    /// section 3.3).
    /// </summary>
    /// <param name="appearance">Of unit length; copied.</param>
    public void Remember(ReadOnlySpan<float> appearance)
    {
        const float Kept = 0.9f;
        if (!_wasLookedAt || _appearance!.Length != appearance.Length)
        {
            _appearance = _appearance?.Length == appearance.Length ? _appearance : new float[appearance.Length];
            appearance.CopyTo(_appearance);
            _wasLookedAt = true;
            return;
        }

        for (var i = 0; i < appearance.Length; i++)
        {
            _appearance[i] = Kept * _appearance[i] + (1 - Kept) * appearance[i];
        }

        UnitVector.Normalize(_appearance);
    }

    /// <summary>Moves on to the next frame.</summary>
    public void Predict()
    {
        if (State != TrackState.Confirmed)
        {
            // Unseen, it must not go on growing or shrinking.
            filter.HoldSize(ref _motion);
        }

        filter.Predict(ref _motion);
        Estimate = filter.ToBox(in _motion);
    }

    /// <summary>Goes with the background, whose points of the frame before lie elsewhere in this one.</summary>
    public void Move(AffineMotion camera)
    {
        filter.Move(ref _motion, camera);
        _history?.Move(filter, camera);
        Observations?.Move(camera);
        Estimate = filter.ToBox(in _motion);
    }

    /// <summary>
    /// Counts a frame missed since another track hid it. In the first of them it goes back to where it was some sightings ago, larger, and with what
    /// it moved at some sightings ago, slower. It needs as many states kept.
    /// </summary>
    public void Hide(long frame, TrackingOptions options)
    {
        if (HiddenFrames++ > 0)
        {
            return;
        }

        HiddenFrom = frame;
        _motion = _history!.Back(options.ResetPosOffsetOcc);
        _motion.Velocity = _history.Back(options.ResetVelocityOffsetOcc).Velocity * (double)(decimal)options.DampenMotionOcc;
        var height = _motion.Value.GetElement(3) * (double)(decimal)options.EnlargeBboxOcc;
        _motion.Value = _motion.Value.WithElement(3, height);
        Estimate = filter.ToBox(in _motion);
    }

    private static Box Between(Box from, Box to, float share) =>
        new(
            from.X1 + (to.X1 - from.X1) * share,
            from.Y1 + (to.Y1 - from.Y1) * share,
            from.X2 + (to.X2 - from.X2) * share,
            from.Y2 + (to.Y2 - from.Y2) * share
        );

    private void See(int detectionIndex, long frame, TrackState state)
    {
        (DetectionIndex, LastFrame, State) = (detectionIndex, frame, state);
        Estimate = filter.ToBox(in _motion);
        (Misses, HiddenFrames) = (0, 0);
        _history?.Add(in _motion);
    }
}
