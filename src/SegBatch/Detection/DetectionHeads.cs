using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>Chooses the head by the layout of a network's outputs, never by the name of a model family.</summary>
public static class DetectionHeads
{
    /// <summary>Rows of an end-to-end output; an anchor output has more.</summary>
    private const int MostEndToEndRows = 1000;

    /// <summary>Real networks have 32; an image-sized axis 1 is something else.</summary>
    private const int MostPrototypes = 512;

    private const int BoxValues = 4;

    /// <summary>Values of an end-to-end row before the coefficients: box, score, class.</summary>
    private const int RowValues = 6;

    private const string Expected =
        "expected predictions [batch, 4+classes+nm, anchors] or [batch, rows, 6+nm] and prototypes [batch, nm, height, width]";

    /// <summary>The head for a network.</summary>
    /// <param name="outputShapes">Shapes in the order of the network's outputs; -1 for an open dimension.</param>
    /// <param name="endToEnd">The model's (or the job's) word that rows are final; null leaves it to the shapes.</param>
    /// <param name="classCount">Number of class names; null when the model has none.</param>
    /// <exception cref="HeadLayoutException">Not a segmentation model, or of another layout, or at odds with the names or options.</exception>
    public static IDetectionHead Choose(
        IReadOnlyList<int[]> outputShapes,
        bool? endToEnd,
        int? classCount,
        DetectionOptions options,
        out HeadLayout layout
    )
    {
        layout = Recognise(outputShapes, endToEnd, classCount);
        if (layout.Classes is { } known && options.Classes?.FirstOrDefault(id => id < 0 || id >= known, -1) is { } unknown and not -1)
        {
            throw new HeadLayoutException(
                $"class {unknown} is asked for, the model has classes 0 to {known - 1}: correct the list of classes"
            );
        }

        return layout.Kind == HeadKind.EndToEnd ? new EndToEndPrototypes(layout, options) : new AnchorFreePrototypes(layout, options);
    }

    /// <summary>The head for a network whose own head was trimmed.</summary>
    /// <param name="whole">The layout of the network before.</param>
    /// <exception cref="HeadLayoutException">The two do not describe one network.</exception>
    public static IDetectionHead Choose(TrimmedHead trimmed, HeadLayout whole, DetectionOptions options)
    {
        if (whole.Kind != HeadKind.AnchorFree || trimmed.Classes != whole.Classes || trimmed.Coefficients != whole.Coefficients)
        {
            throw new HeadLayoutException(
                $"the network has {whole.Classes} classes and {whole.Coefficients} coefficients, its trimmed head {trimmed.Classes} and "
                    + $"{trimmed.Coefficients}: this is a fault of the program; the reference mode does not trim"
            );
        }

        return new LevelPrototypes(trimmed, options);
    }

    /// <summary>The layout alone, for showing it.</summary>
    /// <inheritdoc cref="Choose(IReadOnlyList{int[]}, bool?, int?, DetectionOptions, out HeadLayout)"/>
    public static HeadLayout Recognise(IReadOnlyList<int[]> outputShapes, bool? endToEnd, int? classCount)
    {
        var got = string.Join(", ", outputShapes.Select(Text));
        if (outputShapes.Count != 2)
        {
            throw new HeadLayoutException(
                $"{Expected}, got {outputShapes.Count} output{(outputShapes.Count == 1 ? "" : "s")} {got}: {Guess(outputShapes)}"
            );
        }

        var prototypes = outputShapes[0].Length == 4 ? 0 : 1;
        if (outputShapes[prototypes] is not [_, _, _, _] || outputShapes[1 - prototypes] is not [_, _, _])
        {
            throw new HeadLayoutException($"{Expected}, got {got}: not a segmentation model of a known layout");
        }

        var nm = outputShapes[prototypes][1];
        if (nm is <= 0 or > MostPrototypes)
        {
            throw new HeadLayoutException(
                $"{Expected}, got {got}: the number of prototypes (axis 1) must be fixed, at most {MostPrototypes}; export the model again"
            );
        }

        var (second, third) = (outputShapes[1 - prototypes][1], outputShapes[1 - prototypes][2]);
        var shape = Text(outputShapes[1 - prototypes]);
        var rowsFit = third == RowValues + nm && second <= MostEndToEndRows;
        if (endToEnd == true && third != RowValues + nm)
        {
            throw new HeadLayoutException(
                $"the model is said to be end-to-end, so expected predictions [batch, rows, {RowValues + nm}], got {shape}: state end2end: false"
            );
        }

        // A transposed two-class output whose anchors are open has the same shape; it is rare, and end2end: false tells it apart.
        if (endToEnd == true || (rowsFit && !(endToEnd == false && second < 0)))
        {
            var why = endToEnd == true ? "the model says end2end" : $"rows of 6+{nm} values, at most {MostEndToEndRows} of them";
            return new HeadLayout(HeadKind.EndToEnd, classCount, nm, 1 - prototypes, prototypes, false, $"{shape}: {why}");
        }

        return AnchorFree(second, third, nm, classCount, shape, got) with
        {
            Predictions = 1 - prototypes,
            Prototypes = prototypes,
        };
    }

    private static HeadLayout AnchorFree(int second, int third, int nm, int? classCount, string shape, string got)
    {
        bool transposed;
        if (classCount is { } named)
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
            // Anchors are many: the shorter side, or the fixed one, holds the values.
            transposed = second < 0 || (third > 0 && third < second);
        }

        var classes = (transposed ? third : second) - BoxValues - nm;
        if (classes < 1)
        {
            throw new HeadLayoutException(
                $"{Expected}, got {got}: {shape} leaves no room for classes beside 4 box values and {nm} coefficients"
            );
        }

        return new HeadLayout(
            HeadKind.AnchorFree,
            classes,
            nm,
            Predictions: 0,
            Prototypes: 1,
            transposed,
            $"{shape}: 4 + {classes} classes + {nm} coefficients per anchor{(transposed ? ", transposed" : "")}"
        );
    }

    private static string Guess(IReadOnlyList<int[]> shapes) =>
        shapes switch
        {
            [[_, _]] => "this looks like a classifier; use a segmentation model (-seg)",
            [[_, _, _]] => "this looks like a detection, pose or oriented-box model without masks; use a segmentation model (-seg)",
            _ => "export the model with its two standard outputs",
        };

    private static string Text(int[] shape) => $"[{string.Join(", ", shape.Select(side => side < 0 ? "?" : side.ToString()))}]";
}
