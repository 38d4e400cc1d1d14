namespace SegBatch.Detection;

/// <summary>Boxes without masks, for another network to refine.</summary>
/// <param name="IsFinal">[B, rows, 6]: x1, y1, x2, y2, score, class; else [B, 4+nc, A] and suppression is owed.</param>
/// <param name="Transposed">Anchor by anchor: [B, A, 4+nc].</param>
public sealed record BoxLayout(bool IsFinal, int? Classes, bool Transposed, string Reason) : HeadLayout(Classes, Reason)
{
    private const int BoxValues = 4;

    /// <summary>Values of a final row: box, score, class.</summary>
    internal const int RowValues = 6;

    /// <summary>Rows of a final output; an anchor output has more.</summary>
    private const int MostRows = 1000;

    /// <summary>Fits a network of the YOLO family without masks, where the job gives masks by other means.</summary>
    internal static LayoutMatch Match(ModelSignature signature)
    {
        if (!signature.BoxesSuffice)
        {
            return LayoutMatch.No("boxes have no masks, and the job names no 'refine' to make them");
        }

        if (signature.Outputs is not [{ Shape: [_, var second, var third] } output])
        {
            return LayoutMatch.No(
                $"expected one output [batch, 4+classes, anchors] or [batch, rows, {RowValues}], got {signature.Words()}"
            );
        }

        // Two classes transposed look the same: anchors are many, rows are few. With suppression in the graph, rows are final whatever is
        // said of the network itself.
        if (signature.HasNms || (signature.EndToEnd ?? (third == RowValues && second is > 0 and <= MostRows)))
        {
            return third == RowValues
                ? LayoutMatch.Fits(new BoxLayout(true, signature.ClassCount, false, $"{output}: final boxes, no masks"))
                : LayoutMatch.Near(
                    $"the model is said to be end-to-end or to hold its suppression, so expected boxes [batch, rows, {RowValues}], got {output}"
                );
        }

        var transposed = signature.ClassCount is { } named
            ? third == BoxValues + named && second != BoxValues + named
            : second < 0 || (third > 0 && third < second);
        var classes = (transposed ? third : second) - BoxValues;
        return classes < 1 || (signature.ClassCount is { } count && count != classes)
            ? LayoutMatch.No($"expected 4+{signature.ClassCount?.ToString() ?? "classes"} values per anchor, got {output}")
            : LayoutMatch.Fits(new BoxLayout(false, classes, transposed, $"{output}: 4 + {classes} classes per anchor, no masks"));
    }
}
