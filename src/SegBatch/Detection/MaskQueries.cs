using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>Where the parts of a network of mask queries are.</summary>
/// <param name="Logits">[B, Q, nc+1]: softmax, the last column is no class.</param>
/// <param name="Masks">[B, Q, h, w]: logits over the input.</param>
internal sealed record MaskQueryLayout(int? Classes, int Logits, int Masks, string Reason) : HeadLayout(Classes, Reason);

/// <summary>
/// Head of MaskFormer and Mask2Former (https://arxiv.org/abs/2112.01527), which give classes and masks but no boxes: the box is that of the
/// mask. As the paper has it, the score is the probability of the class times the mean probability of the mask's cells; of each query
/// only the best class counts. Nothing is suppressed.
/// </summary>
internal sealed class MaskQueries(MaskQueryLayout layout, DetectionOptions options) : IDetectionHead
{
    private readonly FinalObjects _objects = new(options, new LabelMap(LabelNumbers.FromZero), layout.Classes);
    private readonly GridMasks _masks = new(0f);

    public static LayoutMatch Match(ModelSignature signature)
    {
        var logits = signature.Only(output => output.Shape.Length == 3);
        var masks = signature.Only(output => output.Shape.Length == 4);
        if (
            signature.Outputs.Count != 2
            || logits < 0
            || masks < 0
            || signature.Outputs[logits].Shape is not [_, var queries, > 1 and var columns]
            || signature.Outputs[masks].Shape[1] != queries
            || (queries < 0 && signature.Named("class_queries_logits") < 0)
        )
        {
            return LayoutMatch.No(
                "that has class logits [batch, queries, classes+1] and masks [batch, queries, height, width] of as many queries"
            );
        }

        return signature.ClassCount is { } named && named != columns - 1
            ? LayoutMatch.No($"that has one logit more than the {named} class names, here {columns}")
            : LayoutMatch.Fits(
                new MaskQueryLayout(
                    columns - 1,
                    logits,
                    masks,
                    $"{(queries < 0 ? "" : $"{queries} ")}queries of {columns} class logits (the last one no class) and mask logits, no boxes"
                )
            );
    }

    /// <inheritdoc/>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        detections.Clear();
        var columns = layout.Classes!.Value + 1;
        var logits = FinalObjects.ExpectColumns(outputs, layout.Logits, "class logits [batch, queries", columns);
        var count = logits.Shape[1];
        var masks = FinalObjects.Expect(
            outputs,
            layout.Masks,
            $"masks [batch, {count}, height, width]",
            shape => shape is [_, var n, _, _] && n == count
        );
        var rows = FinalObjects.NoRows();
        for (var query = 0; query < count; query++)
        {
            var (label, probability) = Best(logits.Of(batchIndex).Slice(query * columns, columns));
            _objects.Offer(rows, query, label, probability);
        }

        var size = new FrameSize(masks.Shape[3], masks.Shape[2]);
        foreach (var key in _objects.Best(rows))
        {
            var (query, classId, probability) = rows[(int)(uint)key];
            var map = masks.Of(batchIndex).Slice(query * (int)size.Area, (int)size.Area);
            var score = probability * Mean(map);
            if (score > options.Conf && _masks.TryAppend(map, size, letterbox, detections.Runs, out var mask))
            {
                detections.Items.Add(new DetectedObject(mask.Bounds, score, classId, mask));
            }
        }

        FinalObjects.SortByScore(detections.Items);
    }

    /// <summary>The best class and its probability; the last column takes its share of it.</summary>
    private static (int Label, float Probability) Best(ReadOnlySpan<float> row)
    {
        var (best, highest) = (0, float.NegativeInfinity);
        for (var column = 0; column < row.Length; column++)
        {
            highest = MathF.Max(highest, row[column]);
            best = column < row.Length - 1 && row[column] > row[best] ? column : best;
        }

        var sum = 0.0;
        foreach (var value in row)
        {
            sum += Math.Exp(value - highest);
        }

        return (best, (float)(Math.Exp(row[best] - highest) / sum));
    }

    /// <summary>The mean probability of the cells that are set.</summary>
    private static float Mean(ReadOnlySpan<float> map)
    {
        var (sum, set) = (0.0, 0);
        foreach (var value in map)
        {
            if (value > 0)
            {
                sum += 1 / (1 + Math.Exp(-value));
                set++;
            }
        }

        return set == 0 ? 0 : (float)(sum / set);
    }
}
