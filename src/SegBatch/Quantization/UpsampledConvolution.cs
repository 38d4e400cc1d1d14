using SegBatch.Onnx;

namespace SegBatch.Quantization;

/// <summary>
/// Merges a transposed convolution that doubles the size (2x2, no overlap) with the 3x3 convolution behind it, if nothing stands between them:
/// both are linear. Each of the four positions in a block sees 2x2 pixels of the small picture, so four convolutions of 2x2 on the small
/// picture replace one of 3x3 on the large one: 16 multiplications per small pixel and pair of channels instead of 36, and 4 before them.
/// </summary>
internal static class UpsampledConvolution
{
    private const int Block = 2;

    /// <param name="graph">Edited in place; nodes are left out of order.</param>
    public static void Merge(GraphBuilder graph)
    {
        foreach (var conv in graph.Nodes.Where(node => node.OpType == "Conv").ToList())
        {
            if (
                graph.Producer(conv.Input[0]) is { OpType: "ConvTranspose" } enlarge
                && TransposedConvolution.BlockSize(graph, enlarge) == Block
                && graph.Nodes.Count(node => node.Input.Contains(enlarge.Output[0])) == 1
                && IsPlain(graph, conv)
            )
            {
                Merge(graph, enlarge, conv);
            }
        }
    }

    private static void Merge(GraphBuilder graph, NodeProto enlarge, NodeProto conv)
    {
        var (first, second) = (graph.Constant(enlarge.Input[1])!, graph.Constant(conv.Input[1])!);
        var (inputs, middle, outputs) = ((int)first.Dims[0], (int)first.Dims[1], (int)second.Dims[0]);
        var (small, large) = (TensorValues.Singles(first), TensorValues.Singles(second));
        var between = enlarge.Input.Count > 2 ? TensorValues.Singles(graph.Constant(enlarge.Input[2])!) : new float[middle];
        var name = conv.Output[0];
        var ones = Ones(graph, enlarge.Input[0], name);
        var positions = new List<string>();
        for (var position = 0; position < Block * Block; position++)
        {
            var (py, px) = (position / Block, position % Block);
            var weights = new float[outputs * inputs * 4];
            var biases = new float[outputs * 4];
            for (var tap = 0; tap < 9; tap++)
            {
                // Row and column in the large picture, counted from the block; which block that is, and where in it.
                var (y, x) = (py + (tap / 3) - 1, px + (tap % 3) - 1);
                var (by, bx) = (y >> 1, x >> 1);
                var (sy, sx) = (y & 1, x & 1);
                var cell = ((by - (py - 1)) * 2) + (bx - (px - 1));
                for (var output = 0; output < outputs; output++)
                {
                    for (var channel = 0; channel < middle; channel++)
                    {
                        var weight = large[(((output * middle) + channel) * 9) + tap];
                        biases[(output * 4) + cell] += weight * between[channel];
                        for (var input = 0; input < inputs; input++)
                        {
                            weights[(((output * inputs) + input) * 4) + cell] +=
                                weight * small[(((input * middle) + channel) * 4) + (sy * 2) + sx];
                        }
                    }
                }
            }

            // Padding of the large picture is 0, not the first bias: that bias counts only where there is a pixel.
            var pads = NodeAttribute.Of("pads", [1 - py, 1 - px, py, px]);
            var kernel = NodeAttribute.Of("kernel_shape", [2, 2]);
            string[] bias = conv.Input.Count > 2 ? [conv.Input[2]] : [];
            var seen = graph.Add(
                "Conv",
                [enlarge.Input[0], graph.Floats(weights, outputs, inputs, 2, 2), .. bias],
                $"{name}/position_{position}",
                kernel,
                pads
            );
            var inside = graph.Add("Conv", [ones, graph.Floats(biases, outputs, 1, 2, 2)], $"{name}/bias_{position}", kernel, pads);
            positions.Add(graph.Add("Add", [seen, inside], $"{name}/sum_{position}"));
        }

        var joined = graph.Add("Concat", [.. positions], $"{name}/positions", NodeAttribute.Of("axis", 1));
        conv.OpType = "DepthToSpace";
        conv.Input.Clear();
        conv.Input.Add(joined);
        conv.Attribute.Clear();
        conv.Attribute.Add(NodeAttribute.Of("blocksize", Block));
        conv.Attribute.Add(NodeAttribute.Of("mode", "DCR"));
    }

    /// <summary>[1, 1, height, width] of the small picture: 1 everywhere.</summary>
    private static string Ones(GraphBuilder graph, string picture, string name)
    {
        var size = graph.Add("Shape", [picture], $"{name}/shape");
        var sides = graph.Add("Slice", [size, graph.Integers(2), graph.Integers(4), graph.Integers(0)], $"{name}/sides");
        var shape = graph.Add("Concat", [graph.Integers(1, 1), sides], $"{name}/ones_shape", NodeAttribute.Of("axis", 0));
        return graph.Add("Expand", [graph.Floats([1], 1, 1, 1, 1), shape], $"{name}/ones");
    }

    private static bool IsPlain(GraphBuilder graph, NodeProto conv) =>
        conv.Input.Skip(1).All(graph.IsInitializer)
        && graph.Constant(conv.Input[1])!.Dims is [_, _, 3, 3]
        && NodeAttribute.Integer(conv, "group", 1) == 1
        && NodeAttribute.Text(conv, "auto_pad", "NOTSET") == "NOTSET"
        && TransposedConvolution.All(conv, "pads", 1, otherwise: 0)
        && TransposedConvolution.All(conv, "strides", 1, otherwise: 1)
        && TransposedConvolution.All(conv, "dilations", 1, otherwise: 1);
}
