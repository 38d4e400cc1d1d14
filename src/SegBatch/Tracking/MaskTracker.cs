using System.Runtime.InteropServices;

namespace SegBatch.Tracking;

/// <summary>
/// A tracker of our own that takes masks as evidence. Who is who goes by the overlap of masks, where pixels that another object covers do
/// not count against a track, fused with the overlap of boxes, with class and score. A track whose place the masks of others cover is hidden:
/// it waits longer than one that is just missed, and is looked for along its way, by its shape, until it comes out. A detection that shows
/// a part of an object moves its track, but leaves size and shape alone. Without masks, boxes stand for them. One instance per video;
/// nothing is allocated per frame once warm.
/// </summary>
/// <param name="options">Thresholds.</param>
/// <param name="frameRate">See <see cref="Trackers.Create"/>.</param>
internal sealed class MaskTracker(TrackingOptions options, double? frameRate) : ITracker
{
    private const double SecondPassLimit = 0.5;
    private const double ReappearanceLimit = 0.7;
    private const double TentativeLimit = 0.7;

    /// <summary>What is left of the likeness of a track that was not seen in the frame before: those that were go first.</summary>
    private const double LikenessOfLost = 0.8;

    /// <summary>What is left, with `fuse_score`, of the likeness of a detection of score 0. Scores fall when objects are covered.</summary>
    private const double LikenessOfWeakest = 0.8;

    /// <summary>How far off its way a track may reappear, by the square root of its box's area: at once, and more with every frame.</summary>
    private const double Reach = 0.5;

    private const double ReachPerFrame = 0.03;

    /// <summary>Sightings from which on a track may be hidden: before, it may be no object at all.</summary>
    private const int LeastSightings = 3;

    /// <summary>Share of a shape that a larger mask must hold to be of this object, too.</summary>
    private const double LeastMerged = 0.6;

    private const double AreaOfMerged = 1.3;

    /// <summary>Share of a detection inside another one's mask above which it starts no track.</summary>
    private const double MostInside = 0.6;

    private readonly MaskSimilarity _similarity = new(options);
    private readonly LinearAssignment _assignment = new();
    private readonly long _lostFrames = options.LostFrames(frameRate);

    private readonly Stack<MaskTrack> _spare = new();
    private readonly List<MaskTrack> _tracks = [];
    private long _lastId;
    private long _frame;

    // What lives for one frame.
    private readonly List<MaskTrack> _pool = [];
    private readonly List<int> _high = [];
    private readonly List<int> _low = [];
    private bool[] _isTaken = [];
    private float[] _costs = [];

    public void Update(FrameEvidence evidence, List<TrackedObject> tracks)
    {
        var detections = evidence.Detections;
        Begin(evidence);
        Gather(static track => track.State != TrackState.Tentative);
        Associate(detections, _high, options.MatchThresh, options.FuseScore);
        Gather(static track => track.State == TrackState.Confirmed);
        Associate(detections, _low, SecondPassLimit, fuseScore: false);
        Gather(static track => track.HiddenFrames > 0);
        FindAgain(detections);
        Gather(static track => track.State == TrackState.Tentative);
        Associate(detections, _high, TentativeLimit, options.FuseScore);
        TakeIn(detections);
        Miss(detections.Length);
        Start(detections);

        tracks.Clear();
        foreach (var track in _tracks)
        {
            if (track.State == TrackState.Confirmed)
            {
                tracks.Add(new TrackedObject(track.Id, track.DetectionIndex, track.Estimate));
            }
        }
    }

    private void Begin(FrameEvidence evidence)
    {
        _frame++;
        var detections = evidence.Detections;
        if (_isTaken.Length < detections.Length)
        {
            _isTaken = new bool[2 * detections.Length];
        }

        Array.Clear(_isTaken);
        _high.Clear();
        _low.Clear();
        for (var i = 0; i < detections.Length; i++)
        {
            ref readonly var detection = ref detections[i];
            if (!(detection.Box.Width > 0 && detection.Box.Height > 0))
            {
                continue;
            }

            if (detection.Score >= options.TrackHighThresh)
            {
                _high.Add(i);
            }
            else if (detection.Score > options.TrackLowThresh)
            {
                _low.Add(i);
            }
        }

        foreach (var track in _tracks)
        {
            track.Predict(evidence.CameraMotion);
        }

        _similarity.Begin(evidence, _tracks);
    }

    /// <summary>Puts into the pool the tracks that have no detection yet and take part.</summary>
    private void Gather(Func<MaskTrack, bool> takesPart)
    {
        _pool.Clear();
        foreach (var track in _tracks)
        {
            if (track.Candidate < 0 && takesPart(track))
            {
                _pool.Add(track);
            }
        }
    }

    /// <summary>Gives detections to the pool's tracks by their likeness; those given are taken out.</summary>
    private void Associate(ReadOnlySpan<TrackInput> detections, List<int> candidates, double limit, bool fuseScore)
    {
        var costs = Costs(candidates.Count);
        for (var row = 0; row < _pool.Count; row++)
        {
            var weight = _pool[row].State == TrackState.Lost ? LikenessOfLost : 1;
            for (var column = 0; column < candidates.Count; column++)
            {
                ref readonly var detection = ref detections[candidates[column]];
                var likeness = weight * _similarity.Of(_pool[row], in detection, candidates[column]);
                likeness *= fuseScore ? LikenessOfWeakest + ((1 - LikenessOfWeakest) * detection.Score) : 1;
                costs[(row * candidates.Count) + column] = (float)(1 - likeness);
            }
        }

        Assign(costs, candidates, limit);
    }

    /// <summary>Looks for the pool's tracks, which were hidden, along their way, by how their shape fits and how far off it is.</summary>
    private void FindAgain(ReadOnlySpan<TrackInput> detections)
    {
        var costs = Costs(_high.Count);
        for (var row = 0; row < _pool.Count; row++)
        {
            var track = _pool[row];
            var size = Math.Sqrt(Math.Max(1, track.Estimate.Area));
            var reach = size * (Reach + (ReachPerFrame * (_frame - track.LastFrame)));
            for (var column = 0; column < _high.Count; column++)
            {
                ref readonly var detection = ref detections[_high[column]];
                var likeness = 0.0;
                if (track.DistanceFromWay(detection.Box, _frame) < reach + size)
                {
                    var sight = _similarity.Align(track, _high[column], out var shift, out var fit);
                    var box = sight == Sight.Covered ? track.ShapeBoxAt(shift) : detection.Box;
                    var distance = track.DistanceFromWay(box, _frame) / reach;
                    likeness = distance < 1 ? _similarity.OfClass(track, in detection, fit * (1 - (0.5 * distance))) : 0;
                }

                costs[(row * _high.Count) + column] = (float)(1 - likeness);
            }
        }

        Assign(costs, _high, ReappearanceLimit);
    }

    private Span<float> Costs(int columns)
    {
        if (_costs.Length < _pool.Count * columns)
        {
            _costs = new float[2 * _pool.Count * columns];
        }

        return _costs.AsSpan(0, _pool.Count * columns);
    }

    private void Assign(ReadOnlySpan<float> costs, List<int> candidates, double limit)
    {
        _assignment.Solve(costs, _pool.Count, candidates.Count, limit);
        for (var row = 0; row < _pool.Count; row++)
        {
            if (_assignment.ColumnOfRow[row] is var column and >= 0)
            {
                _pool[row].Candidate = candidates[column];
                _isTaken[candidates[column]] = true;
            }
        }

        var kept = 0;
        for (var column = 0; column < candidates.Count; column++)
        {
            if (_assignment.RowOfColumn[column] < 0)
            {
                candidates[kept++] = candidates[column];
            }
        }

        CollectionsMarshal.SetCount(candidates, kept);
    }

    private void TakeIn(ReadOnlySpan<TrackInput> detections)
    {
        foreach (var track in _tracks)
        {
            if (track.Candidate is not (var index and >= 0))
            {
                continue;
            }

            ref readonly var detection = ref detections[index];
            if (IsMerged(track, index))
            {
                track.MatchPresence(detection, index, _frame);
                continue;
            }

            var shift = (0, 0);
            var sight = _similarity.IsWhole(track, index) ? Sight.Whole : _similarity.Align(track, index, out shift, out _);
            if (sight == Sight.Whole)
            {
                track.Match(detection, _similarity.Shapes[index], _similarity.IsUncovered(track, index), index, _frame);
            }
            else
            {
                track.MatchPart(detection, shift, sight, index, _frame);
            }
        }
    }

    /// <summary>Whether a track's detection holds the object of a track without detection, too.</summary>
    private bool IsMerged(MaskTrack track, int index)
    {
        if (_similarity.Shapes[index].Area < AreaOfMerged * track.Shape.Area)
        {
            return false;
        }

        foreach (var other in _tracks)
        {
            if (other.Candidate < 0 && other.State != TrackState.Tentative && _similarity.Cover(other, index) >= LeastMerged)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells tracks without detection that they were missed, and drops those that were for too long.</summary>
    private void Miss(int detections)
    {
        var kept = 0;
        for (var i = 0; i < _tracks.Count; i++)
        {
            var track = _tracks[i];
            if (track.Candidate < 0)
            {
                track.State = track.State == TrackState.Tentative || IsGivenUp(track, detections) ? TrackState.Removed : TrackState.Lost;
            }

            track.Candidate = -1;
            if (track.State == TrackState.Removed)
            {
                _spare.Push(track);
            }
            else
            {
                _tracks[kept++] = track;
            }
        }

        CollectionsMarshal.SetCount(_tracks, kept);
    }

    /// <summary>Frames in which a track is hidden do not count, up to a limit.</summary>
    private bool IsGivenUp(MaskTrack track, int detections)
    {
        if (track.Sightings >= LeastSightings && CoverByOthers(track, detections) >= options.HiddenCover)
        {
            track.HiddenFrames++;
        }

        var unseen = _frame - track.LastFrame;
        return unseen - track.HiddenFrames > _lostFrames || unseen > _lostFrames * options.HiddenPatience;
    }

    /// <summary>Share of a track's shape that detections of other tracks cover.</summary>
    private double CoverByOthers(MaskTrack track, int detections)
    {
        var cover = 0.0;
        for (var index = 0; index < detections; index++)
        {
            cover += _isTaken[index] ? _similarity.Cover(track, index) : 0;
        }

        return cover;
    }

    private void Start(ReadOnlySpan<TrackInput> detections)
    {
        foreach (var index in _high)
        {
            ref readonly var detection = ref detections[index];
            if (detection.Score < options.NewTrackThresh || IsPartOfAnother(index, detections.Length))
            {
                continue;
            }

            var track = _spare.TryPop(out var spare) ? spare : new MaskTrack();
            var state = _frame == 1 ? TrackState.Confirmed : TrackState.Tentative;
            track.Start(++_lastId, detection, _similarity.Shapes[index], index, _frame, state);
            _tracks.Add(track);
            _isTaken[index] = true;
        }
    }

    /// <summary>Whether a detection that nobody holds is for the most part inside one that a track holds, or a better one that started one.</summary>
    private bool IsPartOfAnother(int index, int detections)
    {
        for (var other = 0; other < detections; other++)
        {
            if (_isTaken[other] && _similarity.Shapes.ShareInside(index, other) > MostInside)
            {
                return true;
            }
        }

        return false;
    }
}
