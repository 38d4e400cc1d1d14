using SegBatch.Masks;

namespace SegBatch.Evaluation;

/// <summary>What makes two objects of a class the same one.</summary>
public enum Matching
{
    /// <summary>Boxes with an IoU of <see cref="Comparison.MatchIoU"/>: for programs that should compute the same.</summary>
    Boxes,

    /// <summary>Masks with an IoU of <see cref="Comparison.MaskMatchIoU"/>: for networks that see alike.</summary>
    Masks,
}

/// <summary>
/// Compares a run with a recording, frame by frame. Each recorded object, in its recorded order, takes the run's object of its class
/// that overlaps it best and is still free; from the IoU of the <see cref="Matching"/> on they are a pair. With boxes only true agreement
/// counts: an object that moved or changed its class is one lost and one gained.
/// </summary>
public sealed class Comparison
{
    public const double MatchIoU = 0.95;
    public const double MaskMatchIoU = 0.5;

    private readonly Recording _recording;
    private readonly Matching _matching;
    private readonly List<double> _boxes = [];
    private readonly List<double> _scores = [];
    private readonly List<double> _masks = [];
    private readonly Dictionary<(long Theirs, long Ours), int> _idPairs = [];
    private readonly List<LoneDetection> _lost = [];
    private readonly List<LoneDetection> _gained = [];
    private int _frames;
    private int _framesNotInRun;
    private int _reference;
    private int _ours;
    private int _masksEqual;
    private bool _maskSizesDiffer;

    private Comparison(Recording recording, Matching matching) => (_recording, _matching) = (recording, matching);

    /// <param name="offset">Recorded frame that is the run's frame 0: for runs over a part that was cut out.</param>
    /// <param name="commonFrames">Leave out recorded frames that the run does not have; else their objects count as lost.</param>
    /// <param name="matching">What makes a pair.</param>
    public static Agreement Of(Recording recording, RunInstances run, long offset, bool commonFrames, Matching matching = Matching.Boxes)
    {
        var comparison = new Comparison(recording, matching);
        foreach (var frame in recording.Frames)
        {
            var isInRun = run.Frames.TryGetValue(frame.Index - offset, out var instances);
            comparison._framesNotInRun += isInRun ? 0 : 1;
            if (isInRun || !commonFrames)
            {
                comparison.Add(frame, instances ?? []);
            }
        }

        return comparison.Result(commonFrames);
    }

    private void Add(RecordedFrame frame, IReadOnlyList<RunInstance> instances)
    {
        var theirs = frame.Objects.Where(item => item.Score >= _recording.Conf).ToList();
        var ours = instances
            .Select(item => frame.IsClipped ? item with { TrackBox = item.TrackBox?.ClipTo(item.MaskSize) } : item)
            .Where(item => _recording.IsTracked ? item.TrackId is not null : item.Score >= _recording.Conf)
            .ToList();
        _frames++;
        _reference += theirs.Count;
        _ours += ours.Count;
        foreach (var item in theirs)
        {
            var best = ours.Where(candidate => candidate.ClassId == item.ClassId)
                .Select(candidate => (Overlap: Overlap(item, candidate), Candidate: candidate))
                .DefaultIfEmpty()
                .MaxBy(pair => pair.Overlap);
            if (best.Candidate is null || best.Overlap < (_matching == Matching.Masks ? MaskMatchIoU : MatchIoU))
            {
                _lost.Add(new LoneDetection(frame.Index, item.ClassId, item.Score, item.Box));
                continue;
            }

            ours.Remove(best.Candidate);
            AddPair(item, best.Candidate);
        }

        _gained.AddRange(ours.Select(item => new LoneDetection(frame.Index, item.ClassId, item.Score, BoxOf(item))));
    }

    private void AddPair(RecordedObject theirs, RunInstance ours)
    {
        _boxes.Add(BoxCorners.Distance(theirs.Box, BoxOf(ours)));
        _scores.Add(Math.Abs(theirs.Score - ours.Score));
        if (theirs.TrackId is { } theirId && ours.TrackId is { } ourId)
        {
            _idPairs[(theirId, ourId)] = _idPairs.GetValueOrDefault((theirId, ourId)) + 1;
        }

        if (theirs.Mask is { } mask)
        {
            if (mask.Size == ours.MaskSize)
            {
                _masks.Add(Overlap(mask, MaskOf(ours)));
                _masksEqual += _masks[^1] == 1 ? 1 : 0;
            }
            else
            {
                _maskSizesDiffer = true;
            }
        }
    }

    private double Overlap(RecordedObject theirs, RunInstance ours)
    {
        var boxes = BoxCorners.IoU(theirs.Box, BoxOf(ours));
        return _matching == Matching.Boxes ? boxes
            : boxes > 0 && theirs.Mask is { } mask && mask.Size == ours.MaskSize ? Overlap(mask, MaskOf(ours))
            : 0;
    }

    private static RleMask MaskOf(RunInstance item) => new(item.MaskSize, CocoRle.Decode(item.MaskRle));

    /// <summary>Two empty masks agree.</summary>
    private static double Overlap(in RleMask a, in RleMask b) => a.Area + b.Area == 0 ? 1 : MaskIoU.IoU(a, b);

    private BoxCorners BoxOf(RunInstance item) => _recording.IsTracked ? item.TrackBox!.Value : item.Box;

    private Agreement Result(bool framesLeftOut)
    {
        var pairs = Math.Max(1, _boxes.Count);
        var equal = _idPairs.Where(pair => pair.Key.Theirs == pair.Key.Ours).Sum(pair => pair.Value);
        var consistent = _idPairs.GroupBy(pair => pair.Key.Theirs).Sum(group => group.Max(pair => pair.Value));
        return new Agreement(
            _frames,
            _framesNotInRun,
            framesLeftOut,
            _reference,
            _ours,
            _boxes.Count,
            Distribution.Of(_boxes),
            Distribution.Of(_scores),
            Distribution.Of(_masks),
            _masks.Count == 0 ? double.NaN : _masksEqual / (double)_masks.Count,
            _maskSizesDiffer,
            _recording.IsTracked ? equal / (double)pairs : null,
            _recording.IsTracked ? consistent / (double)pairs : null,
            _lost,
            _gained
        );
    }
}
