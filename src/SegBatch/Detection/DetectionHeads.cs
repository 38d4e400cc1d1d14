using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>Makes the head for the layout of a network's outputs, never by the name of a model family.</summary>
public static class DetectionHeads
{
    /// <summary>The head for a model.</summary>
    /// <exception cref="HeadLayoutException">Not a segmentation model, or of another layout, or at odds with the names or options.</exception>
    public static IDetectionHead Choose(ModelCard card, DetectionOptions options, out HeadLayout layout) =>
        Choose(ModelSignature.Of(card), options, out layout);

    /// <summary>The head for a network of which only the outputs' shapes are known.</summary>
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
    ) => Choose(Signature(outputShapes, endToEnd, classCount), options, out layout);

    /// <summary>The head for a network whose own head was trimmed.</summary>
    /// <param name="whole">The layout of the network before.</param>
    /// <exception cref="HeadLayoutException">The two do not describe one network.</exception>
    public static IDetectionHead Choose(TrimmedHead trimmed, HeadLayout whole, DetectionOptions options)
    {
        if (
            whole is not PrototypeLayout { Kind: HeadKind.AnchorFree } before
            || trimmed.Classes != before.Classes
            || trimmed.Coefficients != before.Coefficients
        )
        {
            throw new HeadLayoutException(
                $"the network is {whole.Name} with {whole.Classes} classes, its trimmed head has {trimmed.Classes} and "
                    + $"{trimmed.Coefficients} coefficients: this is a fault of the program; the reference mode does not trim"
            );
        }

        return new LevelPrototypes(trimmed, options);
    }

    /// <summary>The layout alone, for showing it.</summary>
    /// <inheritdoc cref="Choose(IReadOnlyList{int[]}, bool?, int?, DetectionOptions, out HeadLayout)"/>
    public static HeadLayout Recognise(IReadOnlyList<int[]> outputShapes, bool? endToEnd, int? classCount) =>
        ModelLayouts.Recognise(Signature(outputShapes, endToEnd, classCount)).Layout;

    private static IDetectionHead Choose(ModelSignature signature, DetectionOptions options, out HeadLayout layout)
    {
        (var row, layout) = ModelLayouts.Recognise(signature);
        var known = layout.Classes ?? int.MaxValue;
        foreach (var id in options.Classes ?? [])
        {
            if (id < 0 || id >= known)
            {
                throw new HeadLayoutException(
                    $"class {id} is asked for, the model has classes {(layout.Classes is null ? "from 0" : $"0 to {known - 1}")}: "
                        + "correct the list of classes"
                );
            }
        }

        return row.Head(layout, options);
    }

    private static ModelSignature Signature(IReadOnlyList<int[]> shapes, bool? endToEnd, int? classCount) =>
        new()
        {
            Outputs = [.. shapes.Select((shape, i) => new ModelTensor($"output{i}", "float32", shape, [.. shape.Select(_ => "")]))],
            EndToEnd = endToEnd,
            ClassCount = classCount,
        };
}
