using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>Where the parts of a two-stage network are: one picture, no batch axis.</summary>
/// <param name="Boxes">[N, 4]: x1, y1, x2, y2 in input pixels.</param>
/// <param name="LabelOutput">[N], whole numbers.</param>
/// <param name="Scores">[N].</param>
/// <param name="Masks">[N, 1, h, w] (or without the 1): probabilities over the box, or over the input where they have its size.</param>
/// <param name="IsOverBox">Masks lie over the box even where they have the input's size.</param>
internal sealed record RegionLayout(
    int? Classes,
    int Boxes,
    int LabelOutput,
    int Scores,
    int Masks,
    bool IsOverBox,
    LabelMap Labels,
    string Reason
) : HeadLayout(Classes, Reason), ILabelled;

/// <summary>
/// Head of Mask R-CNN, Cascade Mask R-CNN and PointRend, whose rows are final: a box, a label, a score and a mask of probabilities each,
/// over the box (28×28 to 224×224) or already over the whole input. A pixel is set above 0.5.
/// </summary>
internal sealed class RegionObjects(RegionLayout layout, DetectionOptions options) : IDetectionHead
{
    private const float Half = 0.5f;

    /// <summary>Values of a key point, or of a box: a map is wider.</summary>
    private const int MostOfPoint = 4;

    private readonly FinalObjects _objects = new(options, layout.Labels, layout.Classes);
    private readonly RegionMasks _overBox = new(Half);
    private readonly GridMasks _overInput = new(Half);

    /// <summary>Which of the three sources of such networks this is; all have the same parts.</summary>
    /// <param name="source">Which one is asked for.</param>
    public static LayoutMatch Match(ModelSignature signature, RegionSource source)
    {
        var boxes = signature.Only(output => output.Shape is [_, 4]);
        var masks = signature.Only(output =>
            output.Shape is [_, 1 or -1, _, not (>= 0 and <= MostOfPoint)] or [_, _, not (>= 0 and <= MostOfPoint)]
            && !output.Name.Contains("box", StringComparison.Ordinal)
        );
        var labels = signature.Only(output => output is { Shape: [var n], ElementType: "int64" or "int32" or "uint8" } && n != 2);
        var scores = signature.Only(output => output is { Shape: [_], ElementType: "float32" or "float16" });
        if (boxes < 0 || masks < 0 || labels < 0 || scores < 0)
        {
            return LayoutMatch.No("that has boxes [N, 4], labels [N] of whole numbers, scores [N] and masks [N, 1, height, width]");
        }

        if (signature.Stated is null && RegionSources.Of(signature, masks) is var found && found != source)
        {
            return found is null
                ? LayoutMatch.Near(
                    $"{signature.Words()} are those of Mask R-CNN, but neither names nor sizes tell whose, and so how it is fed: state "
                        + "layout: mask-rcnn (torchvision: RGB 0 to 1), detectron2 (BGR 0 to 255) or mask-rcnn-zoo (BGR less the mean)"
                )
                : LayoutMatch.No($"the same parts, but {RegionSources.Why(found.Value)}");
        }

        var first = source == RegionSource.Detectron2 ? LabelNumbers.FromZero : LabelNumbers.FromOne;
        var map = new LabelMap(signature.Labels ?? first);
        return LayoutMatch.Fits(
            new RegionLayout(
                map.Classes(signature.ClassCount),
                boxes,
                labels,
                scores,
                masks,
                source != RegionSource.Torchvision && signature.Outputs[masks].Shape.Length == 4, // pasted ones have no axis of channels
                map,
                $"boxes, scores, {map}, masks {ModelSignature.Text(signature.Outputs[masks].Shape)}; {RegionSources.Why(source)}"
            )
        );
    }

    /// <inheritdoc/>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        detections.Clear();
        var boxes = FinalObjects.Expect(outputs, layout.Boxes, "boxes [N, 4]", shape => shape is [_, 4]);
        var count = boxes.Shape[0];
        var labels = FinalObjects.Expect(outputs, layout.LabelOutput, $"labels [{count}]", shape => shape is [var n] && n == count);
        var scores = FinalObjects.Expect(outputs, layout.Scores, $"scores [{count}]", shape => shape is [var n] && n == count);
        var masks = FinalObjects.Expect(
            outputs,
            layout.Masks,
            $"masks [{count}, 1, height, width]",
            shape => shape is [_, 1, _, _] or [_, _, _] && shape[0] == count
        );
        var rows = FinalObjects.NoRows();
        for (var row = 0; row < count; row++)
        {
            _objects.Offer(rows, row, labels.Values.Span[row], scores.Values.Span[row]);
        }

        var size = new FrameSize(masks.Shape[^1], masks.Shape[^2]);
        var maps = masks.Values.Span;
        foreach (var key in _objects.Best(rows))
        {
            var (row, classId, score) = rows[(int)(uint)key];
            var corners = boxes.Values.Span.Slice(4 * row, 4);
            var boxInTensor = new Box(corners[0], corners[1], corners[2], corners[3]);
            if (!FinalObjects.IsFinite(boxInTensor))
            {
                continue;
            }

            var map = maps.Slice(row * (int)size.Area, (int)size.Area);
            var found =
                !layout.IsOverBox && size == letterbox.Input
                    ? _overInput.TryAppend(map, size, letterbox, detections.Runs, out var mask)
                    : _overBox.TryAppend(map, size, letterbox.ToFrameUnclipped(boxInTensor), letterbox.Source, detections.Runs, out mask);
            if (found)
            {
                detections.Items.Add(new DetectedObject(FinalObjects.BoxOf(boxInTensor, letterbox, mask), score, classId, mask));
            }
        }
    }
}
