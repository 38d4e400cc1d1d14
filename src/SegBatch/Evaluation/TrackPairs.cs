namespace SegBatch.Evaluation;

/// <summary>Every pair of a track of the truth and a found one that ever overlap, numbered from 0, and which one each overlap belongs to.</summary>
internal sealed class TrackPairs
{
    private readonly List<(int Truth, int Found)> _ids = [];
    private readonly int[][] _ofFrame;

    public TrackPairs(TrackingSequence sequence)
    {
        var numbers = new Dictionary<(int, int), int>();
        _ofFrame = new int[sequence.Frames.Count][];
        for (var index = 0; index < _ofFrame.Length; index++)
        {
            var frame = sequence.Frames[index];
            _ofFrame[index] = Array.ConvertAll(
                frame.Pairs,
                pair =>
                {
                    var ids = (frame.TruthIds[pair.Truth], frame.FoundIds[pair.Found]);
                    if (!numbers.TryGetValue(ids, out var number))
                    {
                        numbers[ids] = number = _ids.Count;
                        _ids.Add(ids);
                    }

                    return number;
                }
            );
        }
    }

    public int Count => _ids.Count;

    /// <summary>The pair of tracks that an overlap of a frame belongs to.</summary>
    public int Of(int frame, int overlap) => _ofFrame[frame][overlap];

    public (int Truth, int Found) Ids(int pair) => _ids[pair];

    /// <summary>
    /// How well each pair of tracks fits: the sum over frames of its overlap's share of all overlaps of the two objects, over
    /// all frames of either track (Luiten et al. 2021, the matching's global term).
    /// </summary>
    public double[] Alignment(TrackingSequence sequence)
    {
        var shared = new double[Count];
        for (var index = 0; index < _ofFrame.Length; index++)
        {
            var frame = sequence.Frames[index];
            var (ofTruth, ofFound) = (new double[frame.TruthIds.Length], new double[frame.FoundIds.Length]);
            foreach (var pair in frame.Pairs)
            {
                ofTruth[pair.Truth] += pair.IoU;
                ofFound[pair.Found] += pair.IoU;
            }

            for (var i = 0; i < frame.Pairs.Length; i++)
            {
                var pair = frame.Pairs[i];
                shared[_ofFrame[index][i]] += pair.IoU / (ofTruth[pair.Truth] + ofFound[pair.Found] - pair.IoU);
            }
        }

        for (var pair = 0; pair < shared.Length; pair++)
        {
            var (truth, found) = _ids[pair];
            shared[pair] /= sequence.TruthCounts[truth] + sequence.FoundCounts[found] - shared[pair];
        }

        return shared;
    }
}
