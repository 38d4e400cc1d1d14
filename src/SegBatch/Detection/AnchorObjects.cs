using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>From scored anchors to objects: suppression, the box in the frame, the mask. Shared by the heads that owe suppression.</summary>
internal sealed class AnchorObjects
{
    [ThreadStatic]
    private static Candidates? t_candidates;

    [ThreadStatic]
    private static KeptBoxes? t_kept;

    private readonly DetectionOptions _options;
    private readonly PrototypeMasks _masks;
    private readonly int _coefficients;

    /// <param name="classes">Number of classes.</param>
    /// <param name="coefficients">Mask coefficients per anchor.</param>
    public AnchorObjects(DetectionOptions options, int classes, int coefficients)
    {
        _options = options;
        _coefficients = coefficients;
        _masks = new PrototypeMasks(options.Masks);
        if (options.Classes is { } wanted)
        {
            Wanted = new bool[classes];
            foreach (var id in wanted)
            {
                Wanted[id] = true;
            }
        }
    }

    /// <summary>Classes to keep by id; null keeps all.</summary>
    public bool[]? Wanted { get; }

    /// <summary>This thread's list of candidates, empty.</summary>
    public static Candidates NoCandidates()
    {
        var candidates = t_candidates ??= new Candidates();
        candidates.Clear();
        return candidates;
    }

    /// <summary>Adds the objects that are left, best first.</summary>
    public void Collect<TAnchors>(
        Candidates candidates,
        in TAnchors anchors,
        in PrototypeTensor prototypes,
        in LetterboxTransform letterbox,
        DetectionList detections
    )
        where TAnchors : IAnchors, allows ref struct
    {
        var kept = t_kept ??= new KeptBoxes();
        NonMaxSuppression.Run(candidates, anchors, _options, kept);
        Span<float> coefficients = stackalloc float[_coefficients];
        for (var i = 0; i < kept.Count; i++)
        {
            var (candidate, boxInTensor) = kept[i];
            var (anchor, classId, score) = candidates[candidate];
            anchors.Coefficients(anchor, coefficients);
            var box = letterbox.ToFrame(boxInTensor);
            if (_masks.TryAppend(coefficients, prototypes.Values, prototypes.Size, letterbox, box, detections.Runs, out var mask))
            {
                detections.Items.Add(new DetectedObject(box, ScoreRange.Checked(score), classId, mask));
            }
        }
    }
}
