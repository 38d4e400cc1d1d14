using System.Runtime.InteropServices;
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
    private const float DuplicateDistance = 0.15f;
    private const int RemovalsRemembered = 1000;

    private readonly BoxKalmanFilter _filter;
    private readonly int _observationAge;
    private readonly int _statesKept;
    private readonly long _lostFrames;

    private readonly Stack<Tracklet> _spare = new();

    // What lives from frame to frame: tentative and confirmed tracks in the order of output, and those not seen lately.
    private List<Tracklet> _tracked = [];
    private readonly List<Tracklet> _lost = [];
    private long _lastId;
    private long _removals;

    // What lives for one frame.
    private List<Tracklet> _nextTracked = [];
    private readonly List<Tracklet> _nextLost = [];
    private readonly List<Tracklet> _pool = [];
    private readonly List<Tracklet> _newlyLost = [];
    private readonly List<Tracklet> _started = [];
    private readonly List<Tracklet> _refound = [];
    private readonly List<Tracklet> _removed = [];
    private readonly List<Tracklet> _unmatched = [];
    private readonly List<int> _high = [];
    private readonly List<int> _low = [];

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
        (Options, _filter, _observationAge, _statesKept) = (options, filter, observationAge, statesKept);
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

    /// <summary>Confirmed and tentative tracklets as they were at the end of the last frame.</summary>
    private protected List<Tracklet> Tracked => _tracked;

    /// <summary>Tracklets that this frame has started.</summary>
    private protected List<Tracklet> Started => _started;

    /// <summary>Tracklets that this frame has found again.</summary>
    private protected List<Tracklet> Refound => _refound;

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
        Begin(detections);
        if (FollowsCamera && evidence.CameraMotion is { } motion && motion != AffineMotion.Identity)
        {
            FollowCamera(motion);
        }

        AssociateHigh(detections, _pool, _high, _unmatched);
        CollectRefound();
        AssociateLow(detections);
        AssociateTentative(detections);
        StartTracks(detections);
        GiveUpLost();
        CollectTracked();
        CollectLost();
        DropDuplicates();
        RememberRemovals();
        EndFrame();

        tracks.Clear();
        foreach (var track in _tracked)
        {
            if (track.State == TrackState.Confirmed && track.LastFrame == Frame)
            {
                tracks.Add(new TrackedObject(track.Id, track.DetectionIndex, track.Estimate));
            }
        }
    }

    /// <summary>Sorts detections by score and tracks by state, and predicts all but the tentative tracks.</summary>
    private void Begin(ReadOnlySpan<TrackInput> detections)
    {
        _pool.Clear();
        _started.Clear();
        _refound.Clear();
        _high.Clear();
        _low.Clear();
        for (var i = 0; i < detections.Length; i++)
        {
            ref readonly var detection = ref detections[i];
            if (!(detection.Box.Width > 0 && detection.Box.Height > 0))
            {
                continue;
            }

            if (detection.Score >= Options.TrackHighThresh)
            {
                _high.Add(i);
            }
            else if (UsesLowScores && detection.Score > Options.TrackLowThresh)
            {
                _low.Add(i);
            }
        }

        foreach (var track in _tracked)
        {
            if (track.State == TrackState.Confirmed)
            {
                _pool.Add(track);
            }
        }

        _pool.AddRange(_lost);
        foreach (var track in _pool)
        {
            track.Predict();
        }
    }

    /// <summary>After the prediction; tentative tracklets, which were not predicted, go along.</summary>
    private void FollowCamera(AffineMotion motion)
    {
        foreach (var track in _tracked)
        {
            track.Move(motion);
        }

        foreach (var track in _lost)
        {
            track.Move(motion);
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

        Association.Match(_pool, _low, detections, Frame, fuseScores: false, SecondPassLimit, _unmatched);
        _newlyLost.Clear();
        foreach (var track in _unmatched)
        {
            if (IsLost(track))
            {
                track.State = TrackState.Lost;
                _newlyLost.Add(track);
            }
        }
    }

    private void AssociateTentative(ReadOnlySpan<TrackInput> detections)
    {
        _pool.Clear();
        foreach (var track in _tracked)
        {
            if (track.State == TrackState.Tentative)
            {
                _pool.Add(track);
            }
        }

        Association.Match(_pool, _high, detections, Frame, Costs(_pool, _high, detections), TentativeLimit, _removed);
        foreach (var track in _removed)
        {
            track.State = TrackState.Removed;
        }
    }

    private void StartTracks(ReadOnlySpan<TrackInput> detections)
    {
        foreach (var index in _high)
        {
            ref readonly var detection = ref detections[index];
            if (detection.Score >= Options.NewTrackThresh && !IsTaken(detection.Box))
            {
                var track = _spare.TryPop(out var spare) ? spare : new Tracklet(_filter, _observationAge, _statesKept);
                var state = Frame == 1 ? TrackState.Confirmed : TrackState.Tentative;
                track.Start(++_lastId, detection.Box, index, Frame, state);
                _started.Add(track);
            }
        }
    }

    private void GiveUpLost()
    {
        foreach (var track in _lost)
        {
            if (Frame - track.LastFrame > _lostFrames && !MayReappear(track))
            {
                track.State = TrackState.Removed;
                _removed.Add(track);
            }
        }
    }

    /// <summary>Those found again, in the order in which they were.</summary>
    private void CollectRefound()
    {
        foreach (var track in _lost)
        {
            if (track is { State: TrackState.Confirmed, IsRecovered: false })
            {
                _refound.Add(track);
            }
        }

        foreach (var track in _lost)
        {
            if (track is { State: TrackState.Confirmed, IsRecovered: true })
            {
                _refound.Add(track);
            }
        }
    }

    /// <summary>Survivors in their order, then new tracks, then those found again.</summary>
    private void CollectTracked()
    {
        _nextTracked.Clear();
        foreach (var track in _tracked)
        {
            switch (track.State)
            {
                case TrackState.Tentative or TrackState.Confirmed:
                    _nextTracked.Add(track);
                    break;
                case TrackState.Removed:
                    _spare.Push(track);
                    break;
            }
        }

        _nextTracked.AddRange(_started);
        _nextTracked.AddRange(_refound);
        (_tracked, _nextTracked) = (_nextTracked, _tracked);
    }

    /// <summary>
    /// A track given up in this frame stays for one more, in which it may be found again; one given up before is dropped, also
    /// when it has been found again in between and is lost anew.
    /// </summary>
    private void CollectLost()
    {
        _nextLost.Clear();
        foreach (var track in _lost)
        {
            if (track.State != TrackState.Confirmed)
            {
                _nextLost.Add(track);
            }
        }

        _nextLost.AddRange(_newlyLost);
        _lost.Clear();
        foreach (var track in _nextLost)
        {
            if (track.RemovalNumber > 0 && track.RemovalNumber > _removals - RemovalsRemembered)
            {
                _spare.Push(track);
            }
            else
            {
                _lost.Add(track);
            }
        }
    }

    private void DropDuplicates()
    {
        if (Association.MarkDuplicates(_tracked, _lost, DuplicateDistance))
        {
            DropDuplicates(_tracked);
            DropDuplicates(_lost);
        }
    }

    private void DropDuplicates(List<Tracklet> tracks)
    {
        var kept = 0;
        for (var i = 0; i < tracks.Count; i++)
        {
            var track = tracks[i];
            if (track.IsDuplicate)
            {
                _spare.Push(track);
            }
            else
            {
                tracks[kept++] = track;
            }
        }

        CollectionsMarshal.SetCount(tracks, kept);
    }

    private void RememberRemovals()
    {
        foreach (var track in _removed)
        {
            track.RemovalNumber = ++_removals;
        }
    }
}
