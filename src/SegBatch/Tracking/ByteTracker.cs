using System.Runtime.InteropServices;

namespace SegBatch.Tracking;

/// <summary>
/// ByteTrack (Zhang et al., ByteTrack: Multi-object tracking by associating every detection box, ECCV 2022) with the behaviour of the
/// reference, its peculiarities included: scores compare in single precision, class is not looked at, a track given up may come
/// back for one more frame but is then dropped as soon as it is lost again, and new tracks show at once in the first frame only.
/// One instance per video; nothing is allocated per frame once warm.
/// </summary>
public sealed class ByteTracker : ITracker
{
    private const double SecondPassLimit = 0.5;
    private const double TentativeLimit = 0.7;
    private const float DuplicateDistance = 0.15f;
    private const int RemovalsRemembered = 1000;

    private readonly TrackingOptions _options;
    private readonly double _matchLimit;
    private readonly long _lostFrames;

    private readonly Association _association = new();
    private readonly Stack<Tracklet> _spare = new();

    // What lives from frame to frame: tentative and confirmed tracks in the order of output, and those not seen lately.
    private List<Tracklet> _tracked = [];
    private readonly List<Tracklet> _lost = [];
    private long _frame;
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
    public ByteTracker(TrackingOptions options, double? frameRate)
    {
        _options = options;
        // The reference keeps the limit in double precision: the float 0.8f is meant as 0.8.
        _matchLimit = (double)(decimal)options.MatchThresh;
        _lostFrames = options.LostSeconds * frameRate is { } frames ? (long)Math.Round(frames) : options.TrackBuffer;
    }

    public void Update(ReadOnlySpan<TrackInput> detections, List<TrackedObject> tracks)
    {
        _frame++;
        Begin(detections);
        AssociateHigh(detections);
        AssociateLow(detections);
        AssociateTentative(detections);
        StartTracks(detections);
        GiveUpLost();
        CollectTracked();
        CollectLost();
        DropDuplicates();
        RememberRemovals();

        tracks.Clear();
        foreach (var track in _tracked)
        {
            if (track.State == TrackState.Confirmed)
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

            if (detection.Score >= _options.TrackHighThresh)
            {
                _high.Add(i);
            }
            else if (detection.Score > _options.TrackLowThresh)
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

    private void AssociateHigh(ReadOnlySpan<TrackInput> detections)
    {
        _association.Match(_pool, _high, detections, _frame, _options.FuseScore, _matchLimit, _unmatched);
        foreach (var track in _lost)
        {
            if (track.State == TrackState.Confirmed)
            {
                _refound.Add(track);
            }
        }
    }

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

        _association.Match(_pool, _low, detections, _frame, fuseScores: false, SecondPassLimit, _newlyLost);
        foreach (var track in _newlyLost)
        {
            track.State = TrackState.Lost;
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

        _association.Match(_pool, _high, detections, _frame, _options.FuseScore, TentativeLimit, _removed);
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
            if (detection.Score >= _options.NewTrackThresh)
            {
                var track = _spare.TryPop(out var spare) ? spare : new Tracklet();
                var state = _frame == 1 ? TrackState.Confirmed : TrackState.Tentative;
                track.Start(++_lastId, detection.Box, index, _frame, state);
                _started.Add(track);
            }
        }
    }

    private void GiveUpLost()
    {
        foreach (var track in _lost)
        {
            if (_frame - track.LastFrame > _lostFrames)
            {
                track.State = TrackState.Removed;
                _removed.Add(track);
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
        if (_association.MarkDuplicates(_tracked, _lost, DuplicateDistance))
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
