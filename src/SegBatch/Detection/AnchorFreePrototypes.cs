using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>
/// Head of networks that score every anchor and leave suppression to the caller (YOLOv8-, 11-, 12-seg, FastSAM): predictions
/// [B, 4+nc+nm, A] or [B, A, 4+nc+nm], prototypes [B, nm, mh, mw].
/// </summary>
public sealed class AnchorFreePrototypes : IDetectionHead
{
    private const int BoxValues = 4;

    [ThreadStatic]
    private static Candidates? t_candidates;

    [ThreadStatic]
    private static KeptBoxes? t_kept;

    private readonly HeadLayout _layout;
    private readonly DetectionOptions _options;
    private readonly PrototypeMasks _masks;
    private readonly bool[]? _wanted;
    private readonly int _classes;

    internal AnchorFreePrototypes(HeadLayout layout, DetectionOptions options)
    {
        _layout = layout;
        _options = options;
        _masks = new PrototypeMasks(options.Masks);
        _classes = layout.Classes ?? throw new ArgumentException("an anchor head needs the number of classes", nameof(layout));
        if (options.Classes is { } classes)
        {
            _wanted = new bool[_classes];
            foreach (var id in classes)
            {
                _wanted[id] = true;
            }
        }
    }

    /// <inheritdoc/>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        detections.Clear();
        var prototypes = PrototypeTensor.Of(outputs, _layout, batchIndex);
        var predictions = outputs[_layout.Predictions];
        var values = predictions.Of(batchIndex);
        var perAnchor = BoxValues + _classes + _layout.Coefficients;
        var (second, third) = (predictions.Shape[1], predictions.Shape[2]);
        var (got, count) = _layout.Transposed ? (third, second) : (second, third);
        if (got != perAnchor)
        {
            throw new HeadLayoutException(
                $"expected {perAnchor} values per anchor, got predictions [{string.Join(", ", predictions.Shape)}]: the model's outputs changed"
            );
        }

        var candidates = t_candidates ??= new Candidates();
        candidates.Clear();
        if (_layout.Transposed)
        {
            CandidateScan.ByAnchor(values[BoxValues..], _classes, count, perAnchor, _options.Conf, _wanted, candidates);
        }
        else
        {
            CandidateScan.ByClass(values[(BoxValues * count)..], _classes, count, _options.Conf, _wanted, candidates);
        }

        var anchors = _layout.Transposed ? new AnchorRows(values, 1, perAnchor) : new AnchorRows(values, count, 1);
        var kept = t_kept ??= new KeptBoxes();
        NonMaxSuppression.Run(candidates, anchors, _options, kept);
        Span<float> coefficients = stackalloc float[_layout.Coefficients];
        for (var i = 0; i < kept.Count; i++)
        {
            var (candidate, boxInTensor) = kept[i];
            var (anchor, classId, score) = candidates[candidate];
            anchors.Coefficients(anchor, BoxValues + _classes, coefficients);
            var box = letterbox.ToFrame(boxInTensor);
            if (_masks.TryAppend(coefficients, prototypes.Values, prototypes.Size, letterbox, box, detections.Runs, out var mask))
            {
                detections.Items.Add(new DetectedObject(box, score, classId, mask));
            }
        }
    }
}
