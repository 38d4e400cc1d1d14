using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// What ByteTrack (Zhang et al., ByteTrack: Multi-object tracking by associating every detection box, ECCV 2022) and its relatives share,
/// with the behaviour of the reference, its peculiarities included: scores compare in single precision, class is not looked at, a track
/// given up may come back for one more frame but is then dropped as soon as it is lost again, and new tracks show at once in the first
/// frame only. One instance per video; nothing is allocated per frame once warm.
/// </summary>
public abstract class TwoPassTracker : ITracker
{
    private const double SecondPassLimit = 0.5;
    private const double TentativeLimit = 0.7;

    private readonly long _lostFrames;
    private readonly TrackRoster _roster;
    private readonly ScoreBands _bands;

    // What lives for one frame.
    private readonly List<Tracklet> _pool = [];
    private readonly List<Tracklet> _unmatched = [];

    /// <param name="options">Thresholds.</param>
    /// <param name="frameRate">See <see cref="Trackers.Create"/>.</param>
    /// <param name="filter">Motion model of the tracklets.</param>
    /// <param name="observationAge">Frames over which the direction of motion is taken; 0 for a tracker that does not look at it.</param>
    /// <param name="statesKept">Sightings a tracklet can go back; 0 for a tracker in which none does.</param>
    private protected TwoPassTracker(
        TrackingOptions options,
        double? frameRate,
        BoxKalmanFilter filter,
        int observationAge = 0,
        int statesKept = 0
    )
    {
        Options = options;
        (_roster, _bands) = (new TrackRoster(filter, observationAge, statesKept), new ScoreBands(options));
        // The reference keeps the limit in double precision: the float 0.8f is meant as 0.8.
        MatchLimit = (double)(decimal)options.MatchThresh;
        _lostFrames = options.LostFrames(frameRate);
    }

    private protected TrackingOptions Options { get; }

    private protected Association Association { get; } = new();

    /// <summary>Cost limit of the first association.</summary>
    private protected double MatchLimit { get; }

    /// <summary>Number of the frame, from 1.</summary>
    private protected long Frame { get; private set; }

    /// <summary>Whether detections of low score take part.</summary>
    private protected virtual bool UsesLowScores => true;

    /// <inheritdoc cref="TrackRoster.Tracked"/>
    private protected List<Tracklet> Tracked => _roster.Tracked;

    /// <inheritdoc cref="TrackRoster.Started"/>
    private protected List<Tracklet> Started => _roster.Started;

    /// <inheritdoc cref="TrackRoster.Refound"/>
    private protected List<Tracklet> Refound => _roster.Refound;

    /// <summary>Whether a confirmed tracklet is lost, now that neither association has found it.</summary>
    private protected virtual bool IsLost(Tracklet track) => true;

    /// <summary>Whether a detection starts no track because a tracklet is already there.</summary>
    private protected virtual bool IsTaken(Box box) => false;

    /// <summary>Called first in every frame.</summary>
    private protected virtual void BeginFrame(FrameEvidence evidence) { }

    /// <summary>Called last in every frame, when <see cref="Tracked"/> is what it found.</summary>
    private protected virtual void EndFrame() { }

    /// <summary>Costs of pairing tracklets with detections of high score: tracklets × candidates, row by row, the caller's until the next call.</summary>
    private protected virtual Span<float> Costs(List<Tracklet> tracks, List<int> candidates, ReadOnlySpan<TrackInput> detections) =>
        Association.Costs(tracks, candidates, detections, Options.FuseScore);

    /// <summary>Whether a lost tracklet is kept beyond the time that it may stay unseen.</summary>
    private protected virtual bool MayReappear(Tracklet track) => false;

    /// <summary>Whether tracklets go with the camera's motion; else the evidence of it is not looked at.</summary>
    private protected virtual bool FollowsCamera => false;

    public void Update(FrameEvidence evidence, List<TrackedObject> tracks)
    {
        var detections = evidence.Detections;
        Frame++;
        BeginFrame(evidence);
        _roster.Begin();
        _bands.Split(detections);
        Predict();
        if (FollowsCamera && evidence.CameraMotion is { } motion && motion != AffineMotion.Identity)
        {
            _roster.Move(motion); // after the prediction; tentative tracklets, which were not predicted, go along
        }

        AssociateHigh(detections, _pool, _bands.High, _unmatched);
        _roster.CollectRefound();
        AssociateLow(detections);
        AssociateTentative(detections);
        StartTracks(detections);
        GiveUpLost();
        _roster.Settle(Association);
        EndFrame();

        tracks.Clear();
        foreach (var track in Tracked)
        {
            if (track.State == TrackState.Confirmed && track.LastFrame == Frame)
            {
                tracks.Add(new TrackedObject(track.Id, track.DetectionIndex, track.Estimate));
            }
        }
    }

    /// <summary>Puts all but the tentative tracks into the pool, and predicts them.</summary>
    private void Predict()
    {
        _roster.Gather(TrackState.Confirmed, _pool);
        _pool.AddRange(_roster.Lost);
        foreach (var track in _pool)
        {
            track.Predict();
        }
    }

    /// <summary>Matches the confirmed tracklets, then the lost, with the detections of high score.</summary>
    /// <param name="detections">The frame's.</param>
    /// <param name="tracks">Predicted; the lost ones last.</param>
    /// <param name="candidates">Indices of the detections of high score; those matched are taken out.</param>
    /// <param name="unmatched">Receives the tracklets left alone, in order.</param>
    private protected virtual void AssociateHigh(
        ReadOnlySpan<TrackInput> detections,
        List<Tracklet> tracks,
        List<int> candidates,
        List<Tracklet> unmatched
    ) => Association.Match(tracks, candidates, detections, Frame, Costs(tracks, candidates, detections), MatchLimit, unmatched);

    /// <summary>Detections of low score may hold a track that was seen in the frame before, not one that was lost.</summary>
    private void AssociateLow(ReadOnlySpan<TrackInput> detections)
    {
        _pool.Clear();
        foreach (var track in _unmatched)
        {
            if (track.State == TrackState.Confirmed)
            {
                _pool.Add(track);
            }
        }

        if (!UsesLowScores)
        {
            _bands.Low.Clear();
        }

        Association.Match(_pool, _bands.Low, detections, Frame, fuseScores: false, SecondPassLimit, _unmatched);
        foreach (var track in _unmatched)
        {
            if (IsLost(track))
            {
                track.State = TrackState.Lost;
                _roster.NewlyLost.Add(track);
            }
        }
    }

    private void AssociateTentative(ReadOnlySpan<TrackInput> detections)
    {
        var high = _bands.High;
        _roster.Gather(TrackState.Tentative, _pool);
        Association.Match(_pool, high, detections, Frame, Costs(_pool, high, detections), TentativeLimit, _roster.Removed);
        foreach (var track in _roster.Removed)
        {
            track.State = TrackState.Removed;
        }
    }

    private void StartTracks(ReadOnlySpan<TrackInput> detections)
    {
        foreach (var index in _bands.High)
        {
            ref readonly var detection = ref detections[index];
            if (detection.Score >= Options.NewTrackThresh && !IsTaken(detection.Box))
            {
                _roster.Start(detection.Box, index, Frame);
            }
        }
    }

    private void GiveUpLost()
    {
        foreach (var track in _roster.Lost)
        {
            if (Frame - track.LastFrame > _lostFrames && !MayReappear(track))
            {
                track.State = TrackState.Removed;
                _roster.Removed.Add(track);
            }
        }
    }
}
