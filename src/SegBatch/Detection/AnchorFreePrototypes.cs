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

    private readonly PrototypeLayout _layout;
    private readonly AnchorObjects _objects;
    private readonly float _conf;
    private readonly int _classes;

    internal AnchorFreePrototypes(PrototypeLayout layout, DetectionOptions options)
    {
        _layout = layout;
        _conf = options.Conf;
        _classes = layout.Classes ?? throw new ArgumentException("an anchor head needs the number of classes", nameof(layout));
        _objects = new AnchorObjects(options, _classes, layout.Coefficients);
    }

    /// <inheritdoc/>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        detections.Clear();
        var prototypes = PrototypeTensor.Of(outputs[_layout.Prototypes], _layout.Coefficients, batchIndex);
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

        var candidates = AnchorObjects.NoCandidates();
        if (_layout.Transposed)
        {
            CandidateScan.ByAnchor(values[BoxValues..], _classes, count, perAnchor, _conf, _objects.Wanted, candidates);
        }
        else
        {
            CandidateScan.ByClass<Probability>(values[(BoxValues * count)..], _classes, count, _conf, _objects.Wanted, candidates);
        }

        var anchors = _layout.Transposed
            ? new AnchorRows(values, 1, perAnchor, BoxValues + _classes)
            : new AnchorRows(values, count, 1, BoxValues + _classes);
        _objects.Collect(candidates, anchors, prototypes, letterbox, detections);
    }
}
