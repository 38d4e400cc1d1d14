using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>
/// Head of networks that give boxes without masks (YOLO detectors): objects with empty masks, for another network to refine. Outputs: see
/// <see cref="BoxLayout"/>.
/// </summary>
public sealed class BoxesOnly : IDetectionHead
{
    private const int BoxValues = 4;
    private const int Score = 4;
    private const int ClassId = 5;

    [ThreadStatic]
    private static KeptBoxes? t_kept;

    private readonly BoxLayout _layout;
    private readonly FinalObjects _objects;
    private readonly DetectionOptions _options;
    private readonly bool[]? _wanted;

    internal BoxesOnly(BoxLayout layout, DetectionOptions options)
    {
        (_layout, _options) = (layout, options);
        _objects = new FinalObjects(options, new LabelMap(LabelNumbers.FromZero), layout.Classes);
        if (!layout.IsFinal && options.Classes is { } classes)
        {
            _wanted = new bool[layout.Classes!.Value];
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
        if (outputs[0].Shape is not [_, var second, var third])
        {
            throw Changed(outputs[0]);
        }

        if (_layout.IsFinal)
        {
            Final(outputs[0], batchIndex, second, third, letterbox, detections);
        }
        else
        {
            Anchors(outputs[0], batchIndex, second, third, letterbox, detections);
        }
    }

    private void Final(in OutputTensor output, int batchIndex, int rows, int got, in LetterboxTransform letterbox, DetectionList detections)
    {
        if (got != BoxLayout.RowValues)
        {
            throw Changed(output);
        }

        var values = output.Of(batchIndex);
        var found = FinalObjects.NoRows();
        for (var row = 0; row < rows; row++)
        {
            _objects.Offer(found, row, values[(row * got) + ClassId], values[(row * got) + Score]);
        }

        foreach (var key in _objects.Best(found))
        {
            var (row, classId, score) = found[(int)(uint)key];
            var corners = values.Slice(row * got, BoxValues);
            Add(new Box(corners[0], corners[1], corners[2], corners[3]), score, classId, letterbox, detections);
        }
    }

    private void Anchors(
        in OutputTensor output,
        int batchIndex,
        int second,
        int third,
        in LetterboxTransform letterbox,
        DetectionList detections
    )
    {
        var classes = _layout.Classes!.Value;
        var (got, count) = _layout.Transposed ? (third, second) : (second, third);
        if (got != BoxValues + classes)
        {
            throw Changed(output);
        }

        var values = output.Of(batchIndex);
        var candidates = AnchorObjects.NoCandidates();
        if (_layout.Transposed)
        {
            CandidateScan.ByAnchor(values[BoxValues..], classes, count, got, _options.Conf, _wanted, candidates);
        }
        else
        {
            CandidateScan.ByClass<Probability>(values[(BoxValues * count)..], classes, count, _options.Conf, _wanted, candidates);
        }

        var anchors = _layout.Transposed ? new AnchorRows(values, 1, got) : new AnchorRows(values, count, 1);
        var kept = t_kept ??= new KeptBoxes();
        NonMaxSuppression.Run(candidates, anchors, _options, kept);
        for (var i = 0; i < kept.Count; i++)
        {
            var (candidate, box) = kept[i];
            var (_, classId, score) = candidates[candidate];
            Add(box, score, classId, letterbox, detections);
        }
    }

    /// <summary>A box that is not finite or has no part of the frame is no object, as where masks come with the boxes.</summary>
    private static void Add(in Box boxInTensor, float score, int classId, in LetterboxTransform letterbox, DetectionList detections)
    {
        var box = letterbox.ToFrame(boxInTensor);
        if (!FinalObjects.IsFinite(boxInTensor) || !(box.Area > 0))
        {
            return;
        }

        detections.Runs.Add(checked((int)letterbox.Source.Area));
        detections.Items.Add(
            new DetectedObject(box, ScoreRange.Checked(score), classId, new RleMask(letterbox.Source, detections.Runs.Take()))
        );
    }

    private HeadLayoutException Changed(in OutputTensor output) =>
        new($"expected {_layout.Reason}, got [{string.Join(", ", output.Shape)}]: the model's outputs changed");
}
