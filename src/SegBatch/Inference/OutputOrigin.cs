using SegBatch.Onnx;

namespace SegBatch.Inference;

/// <summary>What the values of an output are, where its graph tells.</summary>
public enum ScoreScale
{
    Unknown,

    /// <summary>As they leave a convolution: 0 is as likely as not.</summary>
    Logits,

    /// <summary>0 to 1: 0.5 is as likely as not.</summary>
    Probabilities,
}

/// <summary>
/// Follows an output of four axes back through its graph, for what the file does not say of it: an export with open sides that ends in Resize
/// leaves all its axes open, the channels too, and nothing but the last operators tells logits from probabilities.
/// </summary>
internal static class OutputOrigin
{
    /// <summary>Operators that leave values and channels as they are, but for their place.</summary>
    private static readonly HashSet<string> s_movers = ["Identity", "Cast", "Resize", "Upsample", "QuantizeLinear", "DequantizeLinear"];

    /// <summary>Operators that change values, one by one.</summary>
    private static readonly HashSet<string> s_pointwise =
    [
        "Sigmoid",
        "HardSigmoid",
        "Softmax",
        "LogSoftmax",
        "Relu",
        "Tanh",
        "Clip",
        "BatchNormalization",
    ];

    /// <summary>Operators on two values, of which one may be a factor or a bias.</summary>
    private static readonly HashSet<string> s_combining = ["Add", "Sub", "Mul", "Div"];

    private static readonly HashSet<string> s_linear = ["Conv", "ConvTranspose", "BatchNormalization", "Add"];

    /// <summary>More operators than this stand behind no last convolution.</summary>
    private const int MostSteps = 32;

    /// <summary>The outputs of a file, with the channels that the file left open, and what their values are.</summary>
    /// <exception cref="ModelException">The file has become unreadable.</exception>
    public static (ModelTensor[] Outputs, ScoreScale[] Scales) Of(string path, ModelTensor[] outputs)
    {
        var scales = new ScoreScale[outputs.Length];
        if (!outputs.Any(IsOpen))
        {
            return (outputs, scales);
        }

        var graph = new GraphBuilder(ModelFile.ReadGraph(path).Model);
        var known = outputs.ToArray();
        for (var i = 0; i < outputs.Length; i++)
        {
            if (IsOpen(outputs[i]))
            {
                scales[i] = ScaleOf(graph, outputs[i].Name);
                known[i] = WithChannels(outputs[i], ChannelsOf(graph, outputs[i].Name));
            }
        }

        return (known, scales);
    }

    private static bool IsOpen(ModelTensor output) => output is { ElementType: "float32" or "float16", Shape: [_, -1 or 1, _, _] };

    private static ModelTensor WithChannels(ModelTensor output, int? known) =>
        known is { } channels && output.Shape is [var batch, < 0, var height, var width]
            ? output with
            {
                Shape = [batch, channels, height, width],
            }
            : output;

    private static ScoreScale ScaleOf(GraphBuilder graph, string value)
    {
        for (var step = 0; step < MostSteps && graph.Producer(value) is { } node; step++)
        {
            if (!s_movers.Contains(node.OpType))
            {
                return node.OpType is "Sigmoid" or "HardSigmoid" ? ScoreScale.Probabilities
                    : s_linear.Contains(node.OpType) ? ScoreScale.Logits
                    : ScoreScale.Unknown;
            }

            value = node.Input[0];
        }

        return ScoreScale.Unknown;
    }

    /// <summary>
    /// The most filters of the convolutions that a value comes from: one channel is for all of the others it is combined with. Null where it
    /// comes from something else.
    /// </summary>
    private static int? ChannelsOf(GraphBuilder graph, string value)
    {
        int? most = null;
        HashSet<string> seen = [value];
        Queue<string> open = new(seen);
        while (open.TryDequeue(out var next) && seen.Count <= MostSteps)
        {
            if (graph.Producer(next) is not { } node)
            {
                continue; // a factor or a bias
            }

            var filters = node.OpType switch
            {
                "Conv" => Filters(graph, node.Input[1], axis: 0),
                "ConvTranspose" => Filters(graph, node.Input[1], axis: 1) * (int)NodeAttribute.Integer(node, "group", 1),
                _ => null,
            };
            most = filters > most ? filters : most ?? filters;
            var behind =
                s_combining.Contains(node.OpType) ? 2
                : s_movers.Contains(node.OpType) || s_pointwise.Contains(node.OpType) ? 1
                : 0;
            foreach (var input in node.Input.Take(behind).Where(seen.Add))
            {
                open.Enqueue(input);
            }
        }

        return most;
    }

    /// <summary>A side of a weight; quantised networks have it as 8-bit integers.</summary>
    private static int? Filters(GraphBuilder graph, string weight, int axis)
    {
        var stored = graph.Producer(weight) is { OpType: "DequantizeLinear" or "Cast" } made ? made.Input[0] : weight;
        return graph.Constant(stored) is { Dims: var dims } && axis < dims.Count ? (int)dims[axis] : null;
    }
}
