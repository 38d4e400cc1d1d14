namespace SegBatch.Tracking;

/// <summary>
/// Gives the detections of a frame to the tracks of <see cref="MaskTracker"/>, group by group, at least cost. Buffers are kept: no
/// allocation once warm.
/// </summary>
/// <param name="options">Thresholds.</param>
internal sealed class MaskAssociation(TrackingOptions options)
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

    private readonly MaskSimilarity _similarity = new(options);
    private readonly LinearAssignment _assignment = new();
    private readonly ScoreBands _bands = new(options);
    private readonly List<MaskTrack> _pool = [];
    private float[] _costs = [];
    private bool[] _isTaken = [];

    /// <summary>How alike the frame's tracks are with its detections.</summary>
    public MaskSimilarity Similarity => _similarity;

    /// <summary>Detections of high score that no track has got.</summary>
    public List<int> Free => _bands.High;

    /// <summary>Whether a track holds a detection.</summary>
    public bool IsTaken(int detection) => _isTaken[detection];

    /// <summary>A track has begun at a detection.</summary>
    public void Take(int detection) => _isTaken[detection] = true;

    /// <summary>Sets the candidates of all tracks that get a detection.</summary>
    /// <param name="evidence">The frame's.</param>
    /// <param name="tracks">Predicted, without candidates.</param>
    /// <param name="frame">From 1.</param>
    public void Match(FrameEvidence evidence, List<MaskTrack> tracks, long frame)
    {
        var detections = evidence.Detections;
        if (_isTaken.Length < detections.Length)
        {
            _isTaken = new bool[2 * detections.Length];
        }

        Array.Clear(_isTaken);
        _bands.Split(detections);
        _similarity.Begin(evidence, tracks);
        Gather(tracks, static track => track.State != TrackState.Tentative);
        Associate(detections, _bands.High, options.MatchThresh, options.FuseScore);
        Gather(tracks, static track => track.State == TrackState.Confirmed);
        Associate(detections, _bands.Low, SecondPassLimit, fuseScore: false);
        Gather(tracks, static track => track.HiddenFrames > 0);
        FindAgain(detections, frame);
        Gather(tracks, static track => track.State == TrackState.Tentative);
        Associate(detections, _bands.High, TentativeLimit, options.FuseScore);
    }

    /// <summary>Puts into the pool the tracks that have no detection yet and take part.</summary>
    private void Gather(List<MaskTrack> tracks, Func<MaskTrack, bool> takesPart)
    {
        _pool.Clear();
        foreach (var track in tracks)
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
    private void FindAgain(ReadOnlySpan<TrackInput> detections, long frame)
    {
        var high = _bands.High;
        var costs = Costs(high.Count);
        for (var row = 0; row < _pool.Count; row++)
        {
            var track = _pool[row];
            var size = Math.Sqrt(Math.Max(1, track.Estimate.Area));
            var reach = size * (Reach + (ReachPerFrame * (frame - track.LastFrame)));
            for (var column = 0; column < high.Count; column++)
            {
                ref readonly var detection = ref detections[high[column]];
                var likeness = 0.0;
                if (track.DistanceFromWay(detection.Box, frame) < reach + size)
                {
                    var sight = _similarity.Align(track, high[column], out var shift, out var fit);
                    var box = sight == Sight.Covered ? track.ShapeBoxAt(shift) : detection.Box;
                    var distance = track.DistanceFromWay(box, frame) / reach;
                    likeness = distance < 1 ? _similarity.OfClass(track, in detection, fit * (1 - (0.5 * distance))) : 0;
                }

                costs[(row * high.Count) + column] = (float)(1 - likeness);
            }
        }

        Assign(costs, high, ReappearanceLimit);
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

        ScoreBands.KeepUnassigned(candidates, _assignment.RowOfColumn);
    }
}
