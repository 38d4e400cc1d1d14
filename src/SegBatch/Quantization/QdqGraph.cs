using System.Runtime.InteropServices;
using SegBatch.Onnx;

namespace SegBatch.Quantization;

/// <summary>
/// Writes a plan into a network: behind each tensor a pair of QuantizeLinear and DequantizeLinear, in front of each convolution its weights
/// and bias as integers. ONNX Runtime fuses these with what stands between them into operators on integers.
/// </summary>
internal sealed class QdqGraph
{
    private const float LargestBias = 1 << 30;

    private readonly GraphBuilder _graph;
    private readonly IReadOnlyDictionary<string, QuantizedRange> _ranges;

    private QdqGraph(GraphBuilder graph, IReadOnlyDictionary<string, QuantizedRange> ranges) => (_graph, _ranges) = (graph, ranges);

    /// <param name="graph">Edited in place.</param>
    /// <param name="plan">Made from this graph.</param>
    /// <param name="ranges">Of every tensor of the plan.</param>
    public static void Write(GraphBuilder graph, QuantizationPlan plan, IReadOnlyDictionary<string, QuantizedRange> ranges)
    {
        var writer = new QdqGraph(graph, ranges);
        foreach (var node in plan.Nodes.Where(node => node.OpType == "Conv"))
        {
            writer.QuantizeWeights(node);
        }

        foreach (var value in plan.Values)
        {
            writer.RoundValue(value);
        }

        graph.RemoveUnused();
        graph.Sort();
    }

    private void RoundValue(string value)
    {
        var users = _graph.Nodes.Where(node => node.Input.Contains(value)).ToList();
        var range = _ranges[value];
        var scale = _graph.Initializer($"{value}/scale", TensorProto.Types.DataType.Float, Bytes([range.Scale]));
        var zero = _graph.Initializer($"{value}/zero_point", TensorProto.Types.DataType.Uint8, [range.ZeroPoint]);
        var rounded = _graph.Add("QuantizeLinear", [value, scale, zero], $"{value}/quantized");
        var back = _graph.Add("DequantizeLinear", [rounded, scale, zero], $"{value}/dequantized");
        foreach (var user in users)
        {
            for (var i = 0; i < user.Input.Count; i++)
            {
                user.Input[i] = user.Input[i] == value ? back : user.Input[i];
            }
        }
    }

    private void QuantizeWeights(NodeProto conv)
    {
        var name = conv.Input[1];
        var tensor = _graph.Constant(name)!;
        var channels = (int)tensor.Dims[0];
        var inputScale = _ranges[conv.Input[0]].Scale;
        var bias = conv.Input.Count > 2 && conv.Input[2].Length > 0 ? TensorValues.Singles(_graph.Constant(conv.Input[2])!) : null;
        var weights = QuantizedWeights.Of(
            TensorValues.Singles(tensor),
            channels,
            bias is null ? null : channel => MathF.Abs(bias[channel]) / (inputScale * LargestBias)
        );

        // Nodes that share their weights get their own integers: the bias of each asks for scales of its own.
        var prefix = $"{name}/{conv.Output[0]}";
        var scales = _graph.Initializer($"{prefix}/scale", TensorProto.Types.DataType.Float, Bytes(weights.Scales), channels);
        var integers = _graph.Initializer(
            $"{prefix}/quantized",
            TensorProto.Types.DataType.Int8,
            MemoryMarshal.AsBytes(weights.Values.AsSpan()),
            [.. tensor.Dims]
        );
        var zeros = _graph.Initializer($"{prefix}/zero_point", TensorProto.Types.DataType.Int8, new byte[channels], channels);
        conv.Input[1] = _graph.Add("DequantizeLinear", [integers, scales, zeros], $"{prefix}/dequantized", NodeAttribute.Of("axis", 0));
        if (bias is not null)
        {
            conv.Input[2] = QuantizeBias(conv, bias, [.. weights.Scales.Select(scale => scale * inputScale)]);
        }
    }

    /// <summary>Integers of 32 bits on the scale of the products that they are added to.</summary>
    private string QuantizeBias(NodeProto conv, float[] bias, float[] scales)
    {
        var prefix = $"{conv.Input[2]}/{conv.Output[0]}";
        var integers = new int[bias.Length];
        for (var i = 0; i < bias.Length; i++)
        {
            integers[i] = (int)Math.Round((double)bias[i] / scales[i]);
        }

        var values = _graph.Initializer(
            $"{prefix}/quantized",
            TensorProto.Types.DataType.Int32,
            MemoryMarshal.AsBytes(integers.AsSpan()),
            bias.Length
        );
        var scale = _graph.Initializer($"{prefix}/scale", TensorProto.Types.DataType.Float, Bytes(scales), bias.Length);
        var zeros = _graph.Initializer($"{prefix}/zero_point", TensorProto.Types.DataType.Int32, new byte[4 * bias.Length], bias.Length);
        return _graph.Add("DequantizeLinear", [values, scale, zeros], $"{prefix}/dequantized", NodeAttribute.Of("axis", 0));
    }

    private static ReadOnlySpan<byte> Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan());
}
