using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>What a layout says to a model, for showing it.</summary>
/// <param name="Name">As manifests write it.</param>
/// <param name="WhyNot">Null for the layout that fits.</param>
public sealed record LayoutVerdict(string Name, string? WhyNot);

/// <summary>Recognises the layout of a network's outputs, and feeds the network as networks of that layout are fed.</summary>
public static class ModelLayouts
{
    /// <summary>What <c>layout</c> of a job's model may be.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. LayoutTable.Rows.Select(row => row.Name)];

    /// <summary>Reads a model file with the convention of its layout; YOLO's where the layout is not recognised.</summary>
    /// <exception cref="ModelException">As <see cref="ModelCard.Read"/>.</exception>
    public static ModelCard Read(string path, ModelOverrides? overrides = null) => Fed(ModelCard.Read(path, overrides));

    /// <summary>A card with the convention of its layout and what the job states over it; unchanged where no layout is recognised.</summary>
    public static ModelCard Fed(ModelCard card)
    {
        var signature = ModelSignature.Of(card);
        if (Fitting(signature) is not [var (row, layout)])
        {
            return card;
        }

        var names = card.Names.Count == 0 && layout is ILabelled { Labels.Numbers: LabelNumbers.Coco91 } ? CocoClasses.Names : card.Names;
        return card with { Convention = card.Overrides.Over(row.Input), Names = names };
    }

    /// <summary>The layout of a model's outputs.</summary>
    /// <exception cref="HeadLayoutException">None fits, or more than one.</exception>
    public static HeadLayout Recognise(ModelCard card) => Recognise(ModelSignature.Of(card)).Layout;

    /// <summary>What every layout says to a model, in the order of the table.</summary>
    public static IReadOnlyList<LayoutVerdict> Verdicts(ModelCard card)
    {
        var signature = ModelSignature.Of(card);
        return
        [
            .. LayoutTable.Rows.Select(row =>
                row.Match(signature) is { Layout: null } refusal
                    ? new LayoutVerdict(row.Name, refusal.WhyNot)
                    : new LayoutVerdict(row.Name, null)
            ),
        ];
    }

    /// <exception cref="HeadLayoutException">None fits, or more than one.</exception>
    internal static (LayoutRow Row, HeadLayout Layout) Recognise(ModelSignature signature)
    {
        var fitting = Fitting(signature);
        if (fitting is [var only])
        {
            return only;
        }

        if (fitting.Count > 1)
        {
            throw new HeadLayoutException(
                $"{signature.Words()} fit {string.Join(" and ", fitting.Select(fit => $"'{fit.Row.Name}' ({fit.Layout.Reason})"))}: "
                    + $"state which it is, model: {{path: …, layout: {fitting[0].Row.Name}}}, or the class names"
            );
        }

        if (signature.Stated is { } stated)
        {
            var row = LayoutTable.Rows.FirstOrDefault(candidate => candidate.Name == stated);
            throw new HeadLayoutException(
                row is null
                    ? $"layout '{stated}' is not known; there are {string.Join(", ", Names)}"
                    : $"the job says layout: {stated}, but {row.Match(signature).WhyNot}; got {signature.Words()}"
            );
        }

        foreach (var row in LayoutTable.Rows)
        {
            if (row.Match(signature) is { IsNear: true, WhyNot: var detail })
            {
                throw new HeadLayoutException(detail);
            }
        }

        throw new HeadLayoutException(
            $"{signature.Words()}: {Guess(signature)}",
            string.Join("; ", LayoutTable.Rows.Select(row => $"{row.Name}: {row.Outputs}"))
        );
    }

    private static List<(LayoutRow Row, HeadLayout Layout)> Fitting(ModelSignature signature)
    {
        var fitting = new List<(LayoutRow, HeadLayout)>();
        foreach (var row in LayoutTable.Rows)
        {
            if ((signature.Stated is null || signature.Stated == row.Name) && row.Match(signature).Layout is { } layout)
            {
                fitting.Add((row, layout with { Name = row.Name, Title = row.Title }));
            }
        }

        return fitting;
    }

    private static string Guess(ModelSignature signature) =>
        signature.Outputs switch
        {
            [{ Shape: [_, _] }] =>
                "this looks like a classifier, or an appearance model for a tracker; use a segmentation model (-seg) to find objects",
            [{ Shape.Length: 4, Name: var name }, ..] when name.Contains("embed", StringComparison.OrdinalIgnoreCase) =>
                "this looks like the image encoder of a promptable pair; name it under 'refine' (refine: {encoder: …, decoder: …})",
            [{ Shape: [_, _, _] }] =>
                "this looks like a detection, pose or oriented-box model without masks; use a segmentation model (-seg), or give a detector's "
                    + "boxes masks with 'refine'",
            var outputs when outputs.All(output => output.Shape.Length < 4) =>
                "this looks like a detection model without masks; use a segmentation model",
            _ => "export the model with its standard outputs, or name its layout if it is one of these (model: {path: …, layout: …})",
        };
}
