using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// TrackTrack (Shim, Ko, Yang and Kim, Focusing on tracks for online multi-object tracking, CVPR 2025): tracks and detections, of high and of
/// low score at once, that are each other's nearest are matched round by round under a falling limit, and a detection starts a track only
/// where no track and no better detection is. What the paper leaves open was found by fitting the recorded replays of the reference,
/// all of which it reproduces; so its peculiarities are included: a track found again does not keep others from starting at its place, one
/// given up may come back for one more frame, new tracks show at once in the first frame only, and a box without area uses up a number. Boxes that suppression had deleted, which
/// the paper brings back at a penalty, do not reach a tracker here. One instance per video.
/// </summary>
/// <param name="options">Thresholds.</param>
/// <param name="frameRate">See <see cref="Trackers.Create"/>.</param>
internal sealed class TrackTracker(TrackingOptions options, double? frameRate) : ITracker
{
    /// <summary>Share of the usual variance that a detection of score 1 has.</summary>
    private const double LeastNoise = 0.05;

    private readonly long _lostFrames = options.LostFrames(frameRate);
    private readonly TrackTrackCosts _costs = new(options);
    private readonly MutualMatching _matching = new();
    private readonly Stack<Tracklet> _spare = new();

    // What lives from frame to frame: tentative and confirmed tracks in the order of output, and those not seen lately.
    private List<Tracklet> _tracked = [];
    private List<Tracklet> _lost = [];
    private long _lastId;
    private long _frame;

    // What lives for one frame.
    private List<Tracklet> _nextTracked = [];
    private List<Tracklet> _nextLost = [];
    private readonly List<Tracklet> _pool = [];
    private readonly ScoreBands _bands = new(options, takesEmpty: true);
    private readonly List<int> _candidates = [];
    private readonly TrackAwareInitialisation _initialisation = new(options);

    public void Update(FrameEvidence evidence, List<TrackedObject> tracks)
    {
        var detections = evidence.Detections;
        _frame++;
        _costs.BeginFrame(evidence);
        if (evidence.CameraMotion is { } motion && motion != AffineMotion.Identity)
        {
            Move(_tracked, motion); // before the prediction, unlike BoT-SORT: as the reference does it
            Move(_lost, motion);
        }

        Predict(_tracked);
        Predict(_lost);

        Pool(TrackState.Confirmed);
        _pool.AddRange(_lost);
        _bands.Split(detections);
        _candidates.Clear();
        _candidates.AddRange(_bands.High);
        _candidates.AddRange(_bands.Low);
        Match(detections);
        KeepHigh(detections);
        Pool(TrackState.Tentative);
        Match(detections);

        Settle();
        Start(detections);
        _costs.EndFrame(_tracked, _frame);

        tracks.Clear();
        foreach (var track in _tracked)
        {
            if (track.LastFrame == _frame && (track.State == TrackState.Confirmed || track.StartFrame == 1))
            {
                tracks.Add(new TrackedObject(track.Id, track.DetectionIndex, track.Estimate));
            }
        }
    }

    private static void Move(List<Tracklet> tracks, AffineMotion motion)
    {
        foreach (var track in tracks)
        {
            track.Move(motion);
        }
    }

    private static void Predict(List<Tracklet> tracks)
    {
        foreach (var track in tracks)
        {
            track.Predict();
        }
    }

    private void Pool(TrackState state)
    {
        _pool.Clear();
        foreach (var track in _tracked)
        {
            if (track.State == state && track.LastFrame < _frame)
            {
                _pool.Add(track);
            }
        }
    }

    /// <summary>Only detections of high score confirm or start a track.</summary>
    private void KeepHigh(ReadOnlySpan<TrackInput> detections)
    {
        while (_candidates.Count > 0 && detections[_candidates[^1]].Score < options.TrackHighThresh)
        {
            _candidates.RemoveAt(_candidates.Count - 1);
        }
    }

    /// <summary>Matches the pool with the candidates, and takes out those matched.</summary>
    private void Match(ReadOnlySpan<TrackInput> detections)
    {
        var costs = _costs.Compute(_pool, _candidates, detections);
        _matching.Solve(costs, _pool.Count, _candidates.Count, (double)(decimal)options.MatchThresh, (double)(decimal)options.ReduceStep);
        for (var row = 0; row < _pool.Count; row++)
        {
            if (_matching.ColumnOfRow[row] is var column and >= 0)
            {
                See(_pool[row], detections, _candidates[column]);
            }
        }

        ScoreBands.KeepUnassigned(_candidates, _matching.RowOfColumn);
    }

    private void See(Tracklet track, ReadOnlySpan<TrackInput> detections, int index)
    {
        var (box, score, wasTentative) = (detections[index].Box, detections[index].Score, track.State == TrackState.Tentative);
        track.Match(box, index, _frame, noise: Math.Max(1 - score, LeastNoise));
        track.Sightings!.Add(box, score);
        if (wasTentative && track.Sightings.Count < options.MinTrackLen)
        {
            track.State = TrackState.Tentative;
        }
    }

    /// <summary>Survivors in their order, then those found again; the boxes of the survivors are taken.</summary>
    private void Settle()
    {
        _nextTracked.Clear();
        _nextLost.Clear();
        _initialisation.Begin();
        foreach (var track in _lost)
        {
            if (track.LastFrame == _frame)
            {
                continue;
            }

            // One given up stays for one more frame, in which it may be found again.
            if (track.RemovalNumber > 0)
            {
                _spare.Push(track);
                continue;
            }

            _nextLost.Add(track);
            track.RemovalNumber = _frame - track.LastFrame > _lostFrames ? _frame : 0;
        }

        foreach (var track in _tracked)
        {
            if (track.LastFrame == _frame)
            {
                _nextTracked.Add(track);
                _initialisation.Take(track.Estimate);
            }
            else if (track.State == TrackState.Tentative || track.RemovalNumber > 0)
            {
                _spare.Push(track);
            }
            else
            {
                track.State = TrackState.Lost;
                _nextLost.Add(track);
            }
        }

        foreach (var track in _lost)
        {
            if (track.LastFrame == _frame)
            {
                _nextTracked.Add(track);
            }
        }

        (_tracked, _nextTracked) = (_nextTracked, _tracked);
        (_lost, _nextLost) = (_nextLost, _lost);
    }

    private void Start(ReadOnlySpan<TrackInput> detections)
    {
        foreach (var index in _initialisation.Choose(_candidates, detections))
        {
            var track = _spare.TryPop(out var spare) ? spare : new Tracklet(BoxKalmanFilter.Xywh, new Sightings());
            var state = options.MinTrackLen > 1 ? TrackState.Tentative : TrackState.Confirmed;
            track.Start(++_lastId, detections[index].Box, index, _frame, state);
            track.Sightings!.Add(detections[index].Box, detections[index].Score);
            _tracked.Add(track);
        }
    }
}
