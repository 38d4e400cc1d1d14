namespace SegBatch.Evaluation;

/// <summary>A detection of one class after matching: a bit for each of the ten IoU thresholds, in each of the four size classes.</summary>
/// <param name="Rank">In its frame, by score, from 0.</param>
internal readonly record struct MatchedDetection(double Score, int Rank, ulong Matched, ulong Ignored)
{
    public bool IsMatched(int area, int threshold) => ((Matched >> ((16 * area) + threshold)) & 1) != 0;

    public bool IsIgnored(int area, int threshold) => ((Ignored >> ((16 * area) + threshold)) & 1) != 0;
}

/// <summary>
/// Matches the detections of one class with the truth, frame by frame, by the rules of the COCO evaluation page (cocodataset.org,
/// "Detection Evaluation"): best score first takes the truth it overlaps most, at most 100 detections of a class in an image, crowds take
/// any number, and what lies outside a size class is neither right nor wrong.
/// </summary>
internal sealed class CocoMatching(int classId, OverlapKind kind)
{
    public const int MostDetections = 100;

    private readonly List<MatchedDetection> _detections = [];
    private readonly long[] _asked = new long[Areas.Length];
    private readonly List<int> _truths = [];
    private readonly List<int> _founds = [];
    private double[] _overlaps = [];
    private int[] _order = [];
    private bool[] _isIgnored = [];
    private bool[] _taken = [];

    /// <summary>Bounds of the truth's area in square pixels, both inclusive: all, small, medium, large.</summary>
    public static readonly (double Low, double High)[] Areas = [(0, 1e10), (0, 32 * 32), (32 * 32, 96 * 96), (96 * 96, 1e10)];

    /// <summary>0.50 to 0.95 in steps of 0.05.</summary>
    public static readonly double[] Thresholds = [.. Enumerable.Range(0, 10).Select(i => i == 9 ? 0.95 : 0.5 + (i * ((0.95 - 0.5) / 9)))];

    /// <summary>Objects of the truth that are asked for in a size class.</summary>
    public long Asked(int area) => _asked[area];

    /// <summary>All detections so far, best score first; those of equal score in the order in which they were added.</summary>
    public MatchedDetection[] ByScore() => [.. _detections.OrderByDescending(detection => detection.Score)];

    public void Add(EvaluatedFrame frame)
    {
        Choose(frame);
        if (_truths.Count + _founds.Count == 0)
        {
            return;
        }

        var (matched, ignored) = (new ulong[_founds.Count], new ulong[_founds.Count]);
        ReadOverlaps(frame);
        for (var area = 0; area < Areas.Length; area++)
        {
            var (low, high) = Areas[area];
            Order(frame, low, high);
            _asked[area] += _isIgnored.AsSpan(0, _truths.Count).Count(false);
            for (var threshold = 0; threshold < Thresholds.Length; threshold++)
            {
                var bit = 1UL << ((16 * area) + threshold);
                _taken.AsSpan(0, _truths.Count).Clear();
                for (var found = 0; found < _founds.Count; found++)
                {
                    var best = Best(frame, found, Math.Min(Thresholds[threshold], 1 - 1e-10));
                    if (best >= 0)
                    {
                        _taken[best] = true;
                        matched[found] |= bit;
                        ignored[found] |= _isIgnored[best] ? bit : 0;
                    }
                    else if (Area(frame.Founds[_founds[found]]) is var size && (size < low || size > high))
                    {
                        ignored[found] |= bit;
                    }
                }
            }
        }

        for (var rank = 0; rank < _founds.Count; rank++)
        {
            _detections.Add(new MatchedDetection(frame.Founds[_founds[rank]].Score, rank, matched[rank], ignored[rank]));
        }
    }

    /// <summary>Truths of the class, and its best detections by score; those of equal score stay in order.</summary>
    private void Choose(EvaluatedFrame frame)
    {
        _truths.Clear();
        _founds.Clear();
        for (var i = 0; i < frame.Truths.Length; i++)
        {
            ref readonly var truth = ref frame.Truths[i];
            if (truth.ClassId == classId || (truth.ClassId == EvaluationObject.AnyClass && truth.IsCrowd))
            {
                _truths.Add(i);
            }
        }

        var isSorted = true;
        for (var i = 0; i < frame.Founds.Length; i++)
        {
            if (frame.Founds[i].ClassId == classId)
            {
                isSorted &= _founds.Count == 0 || frame.Founds[_founds[^1]].Score >= frame.Founds[i].Score;
                _founds.Add(i);
            }
        }

        if (!isSorted)
        {
            int[] sorted = [.. _founds.OrderByDescending(index => frame.Founds[index].Score)];
            _founds.Clear();
            _founds.AddRange(sorted);
        }

        if (_founds.Count > MostDetections)
        {
            _founds.RemoveRange(MostDetections, _founds.Count - MostDetections);
        }
    }

    /// <summary>Marks what is to be ignored in a size class, and puts it behind the truths that count.</summary>
    private void Order(EvaluatedFrame frame, double low, double high)
    {
        if (_order.Length < _truths.Count)
        {
            var size = 2 * _truths.Count;
            (_order, _isIgnored, _taken) = (new int[size], new bool[size], new bool[size]);
        }

        var next = 0;
        for (var i = 0; i < _truths.Count; i++)
        {
            ref readonly var truth = ref frame.Truths[_truths[i]];
            _isIgnored[i] = truth.IsCrowd || truth.IsIgnored || truth.Area < low || truth.Area > high;
            if (!_isIgnored[i])
            {
                _order[next++] = i;
            }
        }

        for (var i = 0; i < _truths.Count; i++)
        {
            if (_isIgnored[i])
            {
                _order[next++] = i;
            }
        }
    }

    private int Best(EvaluatedFrame frame, int found, double least)
    {
        var best = -1;
        foreach (var truth in _order.AsSpan(0, _truths.Count))
        {
            if (best >= 0 && !_isIgnored[best] && _isIgnored[truth])
            {
                break; // a truth that counts is never given up for one that does not
            }

            var overlap = _overlaps[(found * _truths.Count) + truth];
            if (overlap >= least && (!_taken[truth] || frame.Truths[_truths[truth]].IsCrowd))
            {
                (best, least) = (truth, overlap);
            }
        }

        return best;
    }

    /// <summary>Row by row: a found object's overlap with each truth.</summary>
    private void ReadOverlaps(EvaluatedFrame frame)
    {
        var length = _truths.Count * _founds.Count;
        if (_overlaps.Length < length)
        {
            _overlaps = new double[2 * length];
        }

        _overlaps.AsSpan(0, length).Clear();
        if (length > 0)
        {
            foreach (var pair in frame.Pairs(kind))
            {
                var (truth, found) = (_truths.IndexOf(pair.Truth), _founds.IndexOf(pair.Found));
                if (truth >= 0 && found >= 0)
                {
                    _overlaps[(found * _truths.Count) + truth] = pair.IoU;
                }
            }
        }
    }

    private double Area(in FoundEntry found) => kind == OverlapKind.Box ? found.BoxArea : found.MaskArea;
}
