using SegBatch.Tracking;

namespace SegBatch.Evaluation;

/// <summary>A frame of a sequence: the tracks in it, by number from 0, and how far they overlap.</summary>
/// <param name="TruthIds">Each at most once.</param>
/// <param name="Pairs">By truth; indices into the two lists.</param>
internal sealed record TrackingFrame(int[] TruthIds, int[] FoundIds, OverlapPair[] Pairs);

/// <summary>One class of one video, as tracking metrics see it: ids are numbers from 0, regions to be ignored are gone.</summary>
/// <param name="Frames">All frames of the video, also the empty ones.</param>
/// <param name="TruthCounts">Frames of each track of the truth.</param>
/// <param name="FoundCounts">Frames of each track that was found.</param>
internal sealed record TrackingSequence(IReadOnlyList<TrackingFrame> Frames, int[] TruthCounts, int[] FoundCounts)
{
    /// <summary>What a pair must overlap at least for CLEAR, for identity, and to take a detection out of a region to be ignored.</summary>
    public const double LeastIoU = 0.5;

    /// <summary>Smallest difference of doubles near 1: overlaps that equal a threshold but for rounding reach it.</summary>
    public const double Epsilon = 2.220446049250313e-16;

    public long Truths { get; } = TruthCounts.Sum(count => (long)count);

    public long Founds { get; } = FoundCounts.Sum(count => (long)count);

    /// <summary>
    /// Takes the tracks of a class. Found objects without a truth of their own that lie by more than half in a crowd region, or
    /// whose truth is to be ignored, are left out with it, as MOTS does (Voigtlaender et al., "MOTS: Multi-Object Tracking and
    /// Segmentation", CVPR 2019, section 4) and the MOT challenge does with distractors.
    /// </summary>
    /// <exception cref="EvaluationException">A track occurs twice in a frame.</exception>
    public static TrackingSequence Of(IReadOnlyList<EvaluatedFrame> frames, OverlapKind kind, int classId)
    {
        var (truthNumbers, foundNumbers) = (new TrackNumbers("truth", classId), new TrackNumbers("run", classId));
        var matching = new LinearAssignment();
        var taken = new List<TrackingFrame>(frames.Count);
        foreach (var frame in frames)
        {
            var isTruth = Array.ConvertAll(frame.Truths, truth => truth.ClassId == classId && !truth.IsCrowd && truth.TrackId is not null);
            var isFound = Array.ConvertAll(frame.Founds, found => found.ClassId == classId && found.TrackId is not null);
            LeaveOut(frame, kind, isTruth, isFound, matching);
            var truthAt = Positions(isTruth);
            var foundAt = Positions(isFound);
            taken.Add(
                new TrackingFrame(
                    truthNumbers.Take(frame.Truths.Where((_, index) => isTruth[index]).Select(truth => truth.TrackId!.Value)),
                    foundNumbers.Take(frame.Founds.Where((_, index) => isFound[index]).Select(found => found.TrackId!.Value)),
                    [
                        .. frame
                            .Pairs(kind)
                            .Where(pair => isTruth[pair.Truth] && isFound[pair.Found])
                            .Select(pair => new OverlapPair(truthAt[pair.Truth], foundAt[pair.Found], pair.IoU)),
                    ]
                )
            );
        }

        return new TrackingSequence(taken, [.. truthNumbers.Counts], [.. foundNumbers.Counts]);
    }

    private static void LeaveOut(EvaluatedFrame frame, OverlapKind kind, bool[] isTruth, bool[] isFound, LinearAssignment matching)
    {
        if (!Array.Exists(frame.Truths, truth => truth.IsCrowd || truth.IsIgnored))
        {
            return;
        }

        var regions = frame
            .Pairs(kind)
            .Where(pair => frame.Truths[pair.Truth].IsCrowd && isFound[pair.Found] && pair.IoU > LeastIoU + Epsilon)
            .Select(pair => pair.Found)
            .ToHashSet();
        if (regions.Count == 0 && !frame.Truths.Where((truth, index) => isTruth[index] && truth.IsIgnored).Any())
        {
            return;
        }

        AssignmentPair[] pairs =
        [
            .. frame
                .Pairs(kind)
                .Where(pair => isTruth[pair.Truth] && isFound[pair.Found] && pair.IoU >= LeastIoU - Epsilon)
                .Select(pair => new AssignmentPair(pair.Truth, pair.Found, -pair.IoU)),
        ];
        matching.SolveSparse(pairs, frame.Truths.Length, frame.Founds.Length, limit: 0);
        var foundOf = matching.ColumnOfRow;
        for (var truth = 0; truth < foundOf.Length; truth++)
        {
            var isIgnored = isTruth[truth] && frame.Truths[truth].IsIgnored;
            if (foundOf[truth] >= 0)
            {
                regions.Remove(foundOf[truth]);
                isFound[foundOf[truth]] = !isIgnored;
            }

            isTruth[truth] &= !isIgnored;
        }

        foreach (var found in regions)
        {
            isFound[found] = false;
        }
    }

    private static int[] Positions(bool[] isTaken)
    {
        var next = 0;
        return Array.ConvertAll(isTaken, taken => taken ? next++ : -1);
    }

    private sealed class TrackNumbers(string side, int classId)
    {
        private readonly Dictionary<long, int> _numbers = [];

        public List<int> Counts { get; } = [];

        public int[] Take(IEnumerable<long> ids)
        {
            var seen = new HashSet<long>();
            return [.. ids.Select(Number)];

            int Number(long id)
            {
                if (!seen.Add(id))
                {
                    throw new EvaluationException(
                        $"Track {id} of class {classId} occurs twice in a frame of the {side}; ids must be unique."
                    );
                }

                if (!_numbers.TryGetValue(id, out var number))
                {
                    _numbers[id] = number = Counts.Count;
                    Counts.Add(0);
                }

                Counts[number]++;
                return number;
            }
        }
    }
}
