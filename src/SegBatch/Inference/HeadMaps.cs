using SegBatch.Onnx;

namespace SegBatch.Inference;

/// <summary>Channels [First, First + Count) of a value [B, C, h, w].</summary>
internal readonly record struct MapChannels(string Map, int First, int Count);

/// <summary>
/// Walks back from a value [B, C, anchors] (or [B, anchors, C]) to the maps [B, C, h, w] that it is put together from, level by
/// level. Only operators that move values are passed: Concat, Split, Slice, Transpose, Reshape.
/// </summary>
internal sealed class HeadMaps(GraphBuilder graph)
{
    private const int Anchors3 = 3;

    /// <summary>The maps behind a value, in the order of anchors.</summary>
    /// <param name="axis">The axis of channels.</param>
    /// <exception cref="HeadTrimException">Something else than moving values happens on the way.</exception>
    public IReadOnlyList<MapChannels> Of(string value, int axis)
    {
        var node = graph.Producer(value) ?? throw new HeadTrimException($"the head reads '{value}', which no node makes");
        switch (node.OpType)
        {
            case "Identity":
                return Of(node.Input[0], axis);
            case "Transpose" when node.Attribute.FirstOrDefault(attribute => attribute.Name == "perm") is { Ints.Count: Anchors3 } perm:
                return Of(node.Input[0], (int)perm.Ints[axis]);
            case "Concat" when Axis(node) != axis:
                return [.. node.Input.SelectMany(input => Of(input, axis))];
            case "Split" when Axis(node) == axis:
                var sizes = SplitSizes(node);
                var part = node.Output.IndexOf(value);
                return Narrow(Of(node.Input[0], axis), sizes[..part].Sum(), sizes[part]);
            case "Slice" when Sliced(node, axis) is var (from, to):
                return Narrow(Of(node.Input[0], axis), from, to - from);
            case "Reshape" or "Flatten" when axis == 1 && Channels(node.Input[0]) is { } channels:
                return [new(node.Input[0], 0, channels)];
            default:
                throw new HeadTrimException($"its parts are put together by {node.OpType} in a way that is not known");
        }
    }

    /// <summary>The axis of a node on three-dimensional values.</summary>
    public static int Axis(NodeProto node) => (int)NodeAttribute.Integer(node, "axis", 0) is var axis && axis < 0 ? axis + Anchors3 : axis;

    /// <summary>Channels of a map if single-precision convolutions make it, else null.</summary>
    public int? Channels(string map) =>
        graph.Producer(map) switch
        {
            { OpType: "Conv" } conv when Weights(conv.Input[1]) is { Dims.Count: 4 } weights => (int)weights.Dims[0],
            { OpType: "Concat" } concat
                when NodeAttribute.Integer(concat, "axis", 0) is 1 or -3 && concat.Input.All(i => Channels(i) > 0) => concat.Input.Sum(
                input => Channels(input)!.Value
            ),
            { OpType: "DequantizeLinear" } dequantize when graph.Producer(dequantize.Input[0]) is { OpType: "QuantizeLinear" } quantize =>
                Channels(quantize.Input[0]),
            _ => null,
        };

    private TensorProto? Weights(string value) =>
        graph.Producer(value) is { OpType: "DequantizeLinear" } dequantize && IsSingle(graph.Constant(dequantize.Input[1]))
            ? graph.Constant(dequantize.Input[0])
        : graph.Constant(value) is { } weights && IsSingle(weights) ? weights
        : null;

    private static bool IsSingle(TensorProto? tensor) => tensor?.DataType == (int)TensorProto.Types.DataType.Float;

    private int[] SplitSizes(NodeProto node)
    {
        var sizes =
            node.Input.Count > 1
                ? TensorValues.Integers(graph.Constant(node.Input[1]))
                : node.Attribute.FirstOrDefault(attribute => attribute.Name == "split")?.Ints.ToArray();
        return sizes is not null ? Array.ConvertAll(sizes, size => (int)size) : throw new HeadTrimException("a Split states no sizes");
    }

    /// <summary>From and to of a Slice along one axis with constant bounds and step 1; else null.</summary>
    private (int From, int To)? Sliced(NodeProto node, int axis)
    {
        long? Single(int input) =>
            node.Input.Count > input && TensorValues.Integers(graph.Constant(node.Input[input])) is [var only] ? only : null;

        var isPlain = Single(3) is { } along && (along < 0 ? along + Anchors3 : along) == axis && (node.Input.Count < 5 || Single(4) == 1);
        return isPlain && Single(1) is >= 0 and var from && Single(2) is > 0 and var to
            ? ((int)from, (int)Math.Min(to, int.MaxValue))
            : null;
    }

    private List<MapChannels> Narrow(IReadOnlyList<MapChannels> maps, int first, int count)
    {
        var narrowed = new List<MapChannels>();
        foreach (var map in maps)
        {
            var part = map with { First = map.First + first, Count = Math.Min(count, map.Count - first) };
            if (part.Count < 1)
            {
                throw new HeadTrimException("a Slice leaves no channels");
            }

            narrowed.Add(Innermost(part));
        }

        return narrowed;
    }

    /// <summary>Where a map is a Concat and the channels lie in one of its inputs, that input.</summary>
    private MapChannels Innermost(MapChannels part)
    {
        if (graph.Producer(part.Map) is not { OpType: "Concat" } concat)
        {
            return part;
        }

        var offset = 0;
        foreach (var input in concat.Input)
        {
            var channels = Channels(input)!.Value;
            if (part.First >= offset && part.First + part.Count <= offset + channels)
            {
                return Innermost(part with { Map = input, First = part.First - offset });
            }

            offset += channels;
        }

        return part;
    }
}
