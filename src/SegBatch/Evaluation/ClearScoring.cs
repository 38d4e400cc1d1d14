using SegBatch.Tracking;

namespace SegBatch.Evaluation;

/// <summary>Computes <see cref="ClearMot"/> of a sequence: frame after frame, a pair of the frame before is kept while it overlaps enough.</summary>
internal sealed class ClearScoring
{
    /// <summary>More than all overlaps of a frame together: keeping a pair comes before overlapping more.</summary>
    private const double Kept = 1000;
    private const int None = -1;

    private readonly TrackingSequence _sequence;
    private readonly LinearAssignment _matching = new();
    private readonly int[] _lastFound;
    private readonly int[] _foundBefore;
    private readonly int[] _matchedFrames;
    private readonly int[] _pieces;
    private long _hits;
    private long _switches;
    private double _overlaps;

    private ClearScoring(TrackingSequence sequence)
    {
        _sequence = sequence;
        var tracks = sequence.TruthCounts.Length;
        (_lastFound, _foundBefore) = (new int[tracks], new int[tracks]);
        (_matchedFrames, _pieces) = (new int[tracks], new int[tracks]);
        _lastFound.AsSpan().Fill(None);
        _foundBefore.AsSpan().Fill(None);
    }

    public static ClearMot Of(TrackingSequence sequence)
    {
        if (sequence.Truths == 0 || sequence.Founds == 0)
        {
            return new ClearMot(0, sequence.Truths, sequence.Founds, 0, 0, 0, sequence.TruthCounts.Length, 0, 0, 0);
        }

        var scoring = new ClearScoring(sequence);
        foreach (var frame in sequence.Frames)
        {
            // Where one side is empty nothing can be matched, and what was matched before stays so.
            if (frame.TruthIds.Length > 0 && frame.FoundIds.Length > 0)
            {
                scoring.Add(frame);
            }
        }

        return scoring.Result();
    }

    private void Add(TrackingFrame frame)
    {
        AssignmentPair[] pairs =
        [
            .. frame
                .Pairs.Where(pair => pair.IoU >= TrackingSequence.LeastIoU - TrackingSequence.Epsilon)
                .Select(pair => new AssignmentPair(
                    pair.Truth,
                    pair.Found,
                    -pair.IoU - (_foundBefore[frame.TruthIds[pair.Truth]] == frame.FoundIds[pair.Found] ? Kept : 0)
                )),
        ];
        _matching.SolveSparse(pairs, frame.TruthIds.Length, frame.FoundIds.Length, limit: 0);
        var foundOf = _matching.ColumnOfRow;
        foreach (var pair in frame.Pairs)
        {
            if (foundOf[pair.Truth] == pair.Found)
            {
                _overlaps += pair.IoU;
            }
        }

        // Tracks that are not in this frame are lost as well.
        var before = _foundBefore.ToArray();
        _foundBefore.AsSpan().Fill(None);
        for (var i = 0; i < foundOf.Length; i++)
        {
            if (foundOf[i] < 0)
            {
                continue;
            }

            var (truth, found) = (frame.TruthIds[i], frame.FoundIds[foundOf[i]]);
            _hits++;
            _switches += _lastFound[truth] != None && _lastFound[truth] != found ? 1 : 0;
            _pieces[truth] += before[truth] == None ? 1 : 0;
            _matchedFrames[truth]++;
            (_lastFound[truth], _foundBefore[truth]) = (found, found);
        }
    }

    private ClearMot Result()
    {
        double[] shares = [.. _matchedFrames.Select((frames, track) => frames / (double)_sequence.TruthCounts[track])];
        var mostly = shares.Count(share => share > 0.8);
        var partly = shares.Count(share => share >= 0.2) - mostly;
        return new ClearMot(
            _hits,
            _sequence.Truths - _hits,
            _sequence.Founds - _hits,
            _switches,
            mostly,
            partly,
            shares.Length - mostly - partly,
            _pieces.Sum(pieces => Math.Max(0, pieces - 1)),
            _overlaps,
            _sequence.Frames.Count
        );
    }
}
