using System.Runtime.InteropServices;
using SegBatch.Onnx;

namespace SegBatch.Quantization;

/// <summary>
/// Rewrites transposed convolutions whose steps are as wide as their kernels as a convolution of 1x1 and a rearrangement: each pixel becomes
/// a block of its own, so both are the same sums. The runtime has integers for these two, and none for the one.
/// </summary>
internal static class TransposedConvolution
{
    /// <param name="graph">Edited in place.</param>
    public static void Replace(GraphBuilder graph)
    {
        foreach (var node in graph.Nodes.Where(node => node.OpType == "ConvTranspose").ToList())
        {
            if (BlockSize(graph, node) is { } block)
            {
                Replace(graph, node, block);
            }
        }
    }

    private static void Replace(GraphBuilder graph, NodeProto node, int block)
    {
        var tensor = graph.Constant(node.Input[1])!;
        var (inputs, outputs, area) = ((int)tensor.Dims[0], (int)tensor.Dims[1], block * block);
        var (old, name) = (TensorValues.Singles(tensor), node.Output[0]);

        // [input, output, y, x] becomes [output · y · x, input]: the order in which DepthToSpace reads (mode CRD).
        var weights = new float[old.Length];
        for (var input = 0; input < inputs; input++)
        {
            for (var row = 0; row < outputs * area; row++)
            {
                weights[(row * inputs) + input] = old[(input * outputs * area) + row];
            }
        }

        graph.Initializer(
            $"{name}/weights",
            TensorProto.Types.DataType.Float,
            MemoryMarshal.AsBytes(weights.AsSpan()),
            outputs * area,
            inputs,
            1,
            1
        );
        var inputNames = new List<string> { node.Input[0], $"{name}/weights" };
        if (node.Input.Count > 2)
        {
            var bias = TensorValues.Singles(graph.Constant(node.Input[2])!).SelectMany(value => Enumerable.Repeat(value, area)).ToArray();
            graph.Initializer($"{name}/bias", TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(bias.AsSpan()), bias.Length);
            inputNames.Add($"{name}/bias");
        }

        var blocks = graph.Add("Conv", [.. inputNames], $"{name}/blocks", NodeAttribute.Of("kernel_shape", [1, 1]));
        node.OpType = "DepthToSpace";
        node.Input.Clear();
        node.Input.Add(blocks);
        node.Attribute.Clear();
        node.Attribute.Add(NodeAttribute.Of("blocksize", block));
        node.Attribute.Add(NodeAttribute.Of("mode", "CRD"));
    }

    /// <summary>Side of the block that a pixel becomes; null where blocks overlap or leave gaps.</summary>
    public static int? BlockSize(GraphBuilder graph, NodeProto node)
    {
        if (
            !node.Input.Skip(1).All(graph.IsInitializer)
            || graph.Constant(node.Input[1])!.Dims is not [_, _, var height, var width]
            || height != width
        )
        {
            return null;
        }

        return
            All(node, "strides", height, otherwise: 1)
            && All(node, "pads", 0, otherwise: 0)
            && All(node, "output_padding", 0, otherwise: 0)
            && All(node, "dilations", 1, otherwise: 1)
            && NodeAttribute.Integer(node, "group", 1) == 1
            && NodeAttribute.Text(node, "auto_pad", "NOTSET") == "NOTSET"
            && !node.Attribute.Any(attribute => attribute.Name == "output_shape")
            ? (int)height
            : null;
    }

    /// <summary>Every number of an attribute is the same; what it is when the node does not state it is given.</summary>
    public static bool All(NodeProto node, string name, long value, long otherwise) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name) is { } stated
            ? stated.Ints.All(item => item == value)
            : value == otherwise;
}
