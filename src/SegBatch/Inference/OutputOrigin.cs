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
/// <param name="Scale">What its values are.</param>
/// <param name="Channels">Filters of the convolutions it comes from; null where it comes from something else.</param>
internal readonly record struct OutputOrigin(ScoreScale Scale, int? Channels)
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
                var origin = new OutputOrigin(ScaleOf(graph, outputs[i].Name), ChannelsOf(graph, outputs[i].Name, MostSteps));
                scales[i] = origin.Scale;
                known[i] = origin.Of(outputs[i]);
            }
        }

        return (known, scales);
    }

    private static bool IsOpen(ModelTensor output) => output is { ElementType: "float32" or "float16", Shape: [_, -1 or 1, _, _] };

    private ModelTensor Of(ModelTensor output) =>
        Channels is { } channels && output.Shape is [var batch, < 0, var height, var width]
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

    private static int? ChannelsOf(GraphBuilder graph, string value, int steps)
    {
        if (steps == 0 || graph.Producer(value) is not { } node)
        {
            return null;
        }

        return node.OpType switch
        {
            "Conv" => Filters(graph, node.Input[1], axis: 0),
            "ConvTranspose" => Filters(graph, node.Input[1], axis: 1) * (int)NodeAttribute.Integer(node, "group", 1),
            // One of the two may be a factor or a bias; the sum of two convolutions has the channels of both.
            "Add" or "Sub" or "Mul" or "Div" => ChannelsOf(graph, node.Input[0], steps - 1) ?? ChannelsOf(graph, node.Input[1], steps - 1),
            var op when s_movers.Contains(op) || s_pointwise.Contains(op) => ChannelsOf(graph, node.Input[0], steps - 1),
            _ => null,
        };
    }

    /// <summary>A side of a weight; quantised networks have it as 8-bit integers.</summary>
    private static int? Filters(GraphBuilder graph, string weight, int axis)
    {
        var stored = graph.Producer(weight) is { OpType: "DequantizeLinear" or "Cast" } made ? made.Input[0] : weight;
        return graph.Constant(stored) is { Dims: var dims } && axis < dims.Count ? (int)dims[axis] : null;
    }
}
