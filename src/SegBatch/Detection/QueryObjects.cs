using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>Where the parts of a query network are.</summary>
/// <param name="Boxes">[B, Q, 4]: cx, cy, w, h, 0 to 1 of the input.</param>
/// <param name="Logits">[B, Q, columns], sigmoid each.</param>
/// <param name="Masks">[B, Q, h, w]: logits over the input.</param>
/// <param name="Columns">Columns of the logits that are labels; one behind them is no class.</param>
internal sealed record QueryLayout(int? Classes, int Boxes, int Logits, int Masks, int Columns, LabelMap Labels, string Reason)
    : HeadLayout(Classes, Reason),
        ILabelled;

/// <summary>
/// Head of DETR-like networks (RF-DETR-seg): a fixed number of queries in no order, each with class logits, a box and mask logits
/// over the input. A query's class is its best one, its score the sigmoid of that logit; nothing is suppressed. A pixel is set
/// above 0; masks are not cut to the box.
/// </summary>
internal sealed class QueryObjects(QueryLayout layout, DetectionOptions options) : IDetectionHead
{
    private readonly FinalObjects _objects = new(options, layout.Labels, layout.Classes);
    private readonly GridMasks _masks = new(0f);
    private readonly float _floor = Logit.Floor(options.Conf);

    public static LayoutMatch Match(ModelSignature signature)
    {
        var boxes = signature.Only(output => output.Shape is [_, _, 4] && output.Name != "labels");
        var logits = signature.Named("labels");
        logits = logits >= 0 ? logits : signature.Only(output => output.Shape is [_, _, > 0 and not 4]);
        var masks = signature.Only(output => output.Shape.Length == 4);
        if (boxes < 0 || logits < 0 || masks < 0 || signature.Outputs.Count != 3)
        {
            return LayoutMatch.No(
                "that has boxes [batch, queries, 4], class logits [batch, queries, classes+1] and masks [batch, queries, h, w]"
            );
        }

        if (
            signature.Outputs[logits].Shape is not [_, var queries, > 1 and var columns]
            || signature.Outputs[masks].Shape[1] != queries
            || signature.Outputs[boxes].Shape[1] != queries
        )
        {
            return LayoutMatch.No($"boxes, class logits and masks are of as many queries; got {signature.Words()}");
        }

        return Labelled(signature, columns) is not var (labels, map)
            ? LayoutMatch.Near(
                $"expected {signature.ClassCount}+1 class logits a query ({signature.ClassCount} class names), got {columns}: "
                    + "correct the names, or state what the labels count (model: {path: …, labels: …})"
            )
            : LayoutMatch.Fits(
                new QueryLayout(
                    map.Classes(signature.ClassCount ?? labels),
                    boxes,
                    logits,
                    masks,
                    labels,
                    map,
                    $"{queries} queries of {columns} class logits ({Words(columns, labels)}; {map}), a box and mask logits each"
                )
            );
    }

    /// <summary>
    /// How many columns are labels, and what they count: all but the last, from 0, unless the job says otherwise or names tell. 91 columns
    /// without names are those of weights for COCO, which number classes by COCO's ids.
    /// </summary>
    private static (int Labels, LabelMap Map)? Labelled(ModelSignature signature, int columns)
    {
        var numbers =
            signature.Labels
            ?? (signature.ClassCount is null && columns == CocoClasses.Categories ? LabelNumbers.Coco91 : LabelNumbers.FromZero);
        var map = new LabelMap(numbers);
        if (numbers != LabelNumbers.FromZero)
        {
            return (columns, map);
        }

        return signature.ClassCount is { } named && named != columns - 1 ? (named == columns ? (columns, map) : null) : (columns - 1, map);
    }

    private static string Words(int columns, int labels) => labels == columns ? "all of them classes" : "the last one no class";

    /// <inheritdoc/>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        detections.Clear();
        var logits = FinalObjects.Expect(
            outputs,
            layout.Logits,
            $"class logits [batch, queries, {layout.Columns} or more]",
            shape => shape is [_, _, var columns] && columns >= layout.Columns
        );
        var (count, pitch) = (logits.Shape[1], logits.Shape[2]);
        var boxes = FinalObjects.Expect(outputs, layout.Boxes, $"boxes [batch, {count}, 4]", shape => shape is [_, var n, 4] && n == count);
        var masks = FinalObjects.Expect(
            outputs,
            layout.Masks,
            $"masks [batch, {count}, height, width]",
            shape => shape is [_, var n, _, _] && n == count
        );
        var rows = FinalObjects.NoRows();
        var values = logits.Of(batchIndex);
        for (var query = 0; query < count; query++)
        {
            var row = values.Slice(query * pitch, layout.Columns);
            var label = Best(row);
            if (row[label] > _floor)
            {
                _objects.Offer(rows, query, label, Logit.Of(row[label]));
            }
        }

        var size = new FrameSize(masks.Shape[3], masks.Shape[2]);
        var maps = masks.Of(batchIndex);
        foreach (var key in _objects.Best(rows))
        {
            var (query, classId, score) = rows[(int)(uint)key];
            var part = boxes.Of(batchIndex).Slice(4 * query, 4);
            var (width, height) = (letterbox.Input.Width, letterbox.Input.Height);
            var boxInTensor = AnchorBox.Around(part[0] * width, part[1] * height, part[2] * width, part[3] * height);
            var map = maps.Slice(query * (int)size.Area, (int)size.Area);
            if (FinalObjects.IsFinite(boxInTensor) && _masks.TryAppend(map, size, letterbox, detections.Runs, out var mask))
            {
                detections.Items.Add(new DetectedObject(FinalObjects.BoxOf(boxInTensor, letterbox, mask), score, classId, mask));
            }
        }
    }

    /// <summary>The column of the greatest number; the first one of equal ones.</summary>
    private static int Best(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var column = 1; column < row.Length; column++)
        {
            best = row[column] > row[best] || float.IsNaN(row[best]) ? column : best;
        }

        return best;
    }
}
