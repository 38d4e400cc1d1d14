using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>What a layout is recognised by.</summary>
internal sealed record ModelSignature
{
    public required IReadOnlyList<ModelTensor> Outputs { get; init; }

    /// <summary>What the values of each output are; shorter than the outputs where nobody looked.</summary>
    public IReadOnlyList<ScoreScale> Scales { get; init; } = [];

    /// <summary>The picture input; null where it takes no pictures, or only the outputs are known.</summary>
    public ModelTensor? Input { get; init; }

    /// <summary>The model's (or the job's) word that rows are final; null leaves it to the shapes.</summary>
    public bool? EndToEnd { get; init; }

    /// <summary>Class names by id; empty where nobody states them.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The job makes masks for boxes that have none.</summary>
    public bool BoxesSuffice { get; init; }

    /// <summary>Number of class names; null when the model has none.</summary>
    public int? ClassCount { get; init; }

    /// <summary>Exported with suppression in the graph: rows are final.</summary>
    public bool HasNms { get; init; }

    /// <summary>The layout that the job names; null leaves it to the outputs.</summary>
    public string? Stated { get; init; }

    /// <summary>What the job says of the labels.</summary>
    public LabelNumbers? Labels { get; init; }

    /// <summary>The input's sides where both are fixed.</summary>
    public FrameSize? InputSize =>
        Input is { Shape: { Length: >= 2 } shape } && shape[^1] > 0 && shape[^2] > 0 ? new FrameSize(shape[^1], shape[^2]) : null;

    public static ModelSignature Of(ModelCard card) =>
        new()
        {
            Outputs = card.Outputs,
            Scales = card.Scales,
            Input = card.Inputs is [var only] ? only : null,
            EndToEnd = card.EndToEnd,
            Names = card.Names,
            BoxesSuffice = card.Overrides.BoxesSuffice,
            ClassCount = card.Names.Count > 0 ? card.Names.Count : null,
            HasNms = card.HasNms,
            Stated = card.Overrides.Layout,
            Labels = card.Overrides.Labels,
        };

    /// <summary>The number of the only output that satisfies a condition; -1 where there is none or more than one.</summary>
    public int Only(Func<ModelTensor, bool> condition)
    {
        var found = -1;
        for (var i = 0; i < Outputs.Count; i++)
        {
            if (condition(Outputs[i]))
            {
                if (found >= 0)
                {
                    return -1;
                }

                found = i;
            }
        }

        return found;
    }

    /// <summary>The number of the output of a name; -1 where there is none.</summary>
    public int Named(string name) => Only(output => output.Name == name);

    /// <summary>All outputs in words: "dets [1, 100, 5], labels [1, 100]"; names that are only numbers are left out.</summary>
    public string Words() =>
        $"{Outputs.Count} output{(Outputs.Count == 1 ? "" : "s")} "
        + string.Join(", ", Outputs.Select(output => HasWord(output) ? $"{output.Name} {Text(output.Shape)}" : Text(output.Shape)));

    /// <summary>Names like "6568" or "output0" say nothing, nor do those that PyTorch gives to what was not named: "boxes.55", "onnx::Shape_2468".</summary>
    public static bool HasWord(ModelTensor output) =>
        output.Name.AsSpan(output.Name.LastIndexOf('.') + 1).ContainsAnyExceptInRange('0', '9')
        && !output.Name.StartsWith("output", StringComparison.Ordinal)
        && !output.Name.StartsWith("onnx::", StringComparison.Ordinal);

    public static string Text(int[] shape) => $"[{string.Join(", ", shape.Select(side => side < 0 ? "?" : side.ToString()))}]";
}
