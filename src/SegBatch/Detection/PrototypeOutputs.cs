namespace SegBatch.Detection;

/// <summary>Tells the layouts of objects with mask coefficients beside prototypes [batch, nm, height, width] apart.</summary>
internal static class PrototypeOutputs
{
    /// <summary>Rows of an end-to-end output; an anchor output has more.</summary>
    public const int MostEndToEndRows = 1000;

    /// <summary>Real networks have 32; an image-sized axis 1 is something else.</summary>
    private const int MostPrototypes = 512;

    private const int BoxValues = 4;

    /// <summary>Values of an end-to-end row before the coefficients: box, score, class.</summary>
    private const int RowValues = 6;

    private const string Expected =
        "expected predictions [batch, 4+classes+nm, anchors] or [batch, rows, 6+nm] and prototypes [batch, nm, height, width]";

    /// <param name="kind">Anchor-free or end-to-end: rows that may be final are, unless the model says otherwise.</param>
    public static LayoutMatch Match(ModelSignature signature, HeadKind kind)
    {
        if (signature.Outputs.Count != 2 || Split(signature) is not var (predictions, prototypes))
        {
            return LayoutMatch.No("that has two outputs, predictions of three axes and prototypes of four");
        }

        try
        {
            var shapes = signature.Outputs.Select(output => output.Shape).ToArray();
            var layout = Recognise(signature, shapes, predictions, prototypes);
            if (
                layout is { Kind: HeadKind.AnchorFree, Transposed: true }
                && signature is { ClassCount: null, Stated: null, InputSize: { } size }
                && ObjectnessPrototypes.IsAnchorCount(shapes[predictions][1], size)
            )
            {
                return LayoutMatch.No($"{shapes[predictions][1]} rows are three anchors a cell for an input of {size}");
            }

            return layout.Kind == kind ? LayoutMatch.Fits(layout)
                : kind == HeadKind.EndToEnd ? LayoutMatch.No($"rows are not final: {layout.Reason}")
                : LayoutMatch.No($"rows are final: {layout.Reason}");
        }
        catch (HeadLayoutException refusal)
        {
            return LayoutMatch.Near(refusal.Message);
        }
    }

    private static (int Predictions, int Prototypes)? Split(ModelSignature signature) =>
        (signature.Only(output => output.Shape.Length == 3), signature.Only(output => output.Shape.Length == 4)) is (>= 0, >= 0) both
            ? both
            : null;

    private static PrototypeLayout Recognise(ModelSignature signature, int[][] shapes, int predictions, int prototypes)
    {
        var (endToEnd, classCount) = (signature.EndToEnd, signature.ClassCount);
        var got = string.Join(", ", shapes.Select(ModelSignature.Text));
        var nm = shapes[prototypes][1];
        if (nm is <= 0 or > MostPrototypes)
        {
            throw new HeadLayoutException(
                $"{Expected}, got {got}: the number of prototypes (axis 1) must be fixed, at most {MostPrototypes}; export the model again"
            );
        }

        var (second, third) = (shapes[predictions][1], shapes[predictions][2]);
        var shape = ModelSignature.Text(shapes[predictions]);
        var isFinal = signature.HasNms || signature.Stated == "end-to-end";
        var rowsFit = third == RowValues + nm && (second <= MostEndToEndRows || isFinal);
        if (endToEnd == true && third != RowValues + nm)
        {
            throw new HeadLayoutException(
                $"the model is said to be end-to-end, so expected predictions [batch, rows, {RowValues + nm}], got {shape}: state end2end: false"
            );
        }

        // A transposed two-class output has the same shape; it is rare, and the stated layout tells it apart, as does end2end: false where
        // its anchors are open. Exports with suppression in the graph have final rows and say end2end: false all the same.
        var isOpenGrid = endToEnd == false && second < 0 && !isFinal;
        if (endToEnd == true || (rowsFit && signature.Stated != "anchor-free" && !isOpenGrid))
        {
            var why = endToEnd == true ? "the model says end2end" : $"rows of 6+{nm} values, as many as final ones are";
            return new PrototypeLayout(HeadKind.EndToEnd, classCount, nm, predictions, prototypes, false, $"{shape}: {why}");
        }

        return AnchorFree(second, third, nm, signature, shape, got) with
        {
            Predictions = predictions,
            Prototypes = prototypes,
        };
    }

    private static PrototypeLayout AnchorFree(int second, int third, int nm, ModelSignature signature, string shape, string got)
    {
        bool transposed;
        if (signature.ClassCount is { } named)
        {
            var values = BoxValues + named + nm;
            transposed = third == values && second != values;
            if (!transposed && second != values)
            {
                var fixedSide = second > 0 && third > 0 ? Math.Min(second, third) : Math.Max(second, third);
                throw new HeadLayoutException(
                    $"expected 4+{named}+{nm} = {values} values per anchor ({named} class names, {nm} prototypes), got {shape}, which fits "
                        + $"{fixedSide - BoxValues - nm} classes: correct the names, or this is no segmentation model"
                );
            }
        }
        else
        {
            // Anchors are many: the shorter side, or the fixed one, holds the values. Small inputs have fewer, but a known number of them.
            var anchors = signature.InputSize is { } size ? ObjectnessPrototypes.Cells(size) : 0;
            transposed = third != anchors && (second < 0 || second == anchors || (third > 0 && third < second));
        }

        var classes = (transposed ? third : second) - BoxValues - nm;
        if (classes < 1)
        {
            throw new HeadLayoutException(
                $"{Expected}, got {got}: {shape} leaves no room for classes beside 4 box values and {nm} coefficients"
            );
        }

        return new PrototypeLayout(
            HeadKind.AnchorFree,
            classes,
            nm,
            Predictions: 0,
            Prototypes: 1,
            transposed,
            $"{shape}: 4 + {classes} classes + {nm} coefficients per anchor{(transposed ? ", transposed" : "")}"
        );
    }
}
