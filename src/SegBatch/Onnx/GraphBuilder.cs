using System.Runtime.InteropServices;
using Google.Protobuf;

namespace SegBatch.Onnx;

/// <summary>
/// Edits the graph of an ONNX model, or writes a new one. Values go by their names; operators are those of
/// https://onnx.ai/onnx/operators/. Nothing is checked here: ONNX Runtime checks a graph when it loads it.
/// </summary>
internal sealed class GraphBuilder
{
    private readonly ModelProto _model;
    private readonly GraphProto _graph;
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly Dictionary<string, TensorProto> _initializers = [];
    private int _fresh;

    /// <summary>A new, empty graph.</summary>
    /// <param name="opset">Version of the standard operators.</param>
    public GraphBuilder(string name, int opset = 17)
        : this(
            new ModelProto
            {
                IrVersion = 8,
                ProducerName = "segbatch",
                Graph = new GraphProto { Name = name },
                OpsetImport = { new OperatorSetIdProto { Version = opset } },
            }
        ) { }

    /// <param name="model">Edited in place.</param>
    public GraphBuilder(ModelProto model)
    {
        _model = model;
        _graph = model.Graph;
        foreach (var node in _graph.Node)
        {
            foreach (var output in node.Output)
            {
                _producers[output] = node;
            }
        }

        foreach (var tensor in _graph.Initializer)
        {
            _initializers[tensor.Name] = tensor;
        }
    }

    public IReadOnlyList<NodeProto> Nodes => _graph.Node;

    public IReadOnlyList<ValueInfoProto> Outputs => _graph.Output;

    /// <summary>The node that makes a value; null for inputs and constants.</summary>
    public NodeProto? Producer(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The tensor behind a value that is constant: an initializer or the output of a Constant node; else null.</summary>
    public TensorProto? Constant(string value) =>
        _initializers.GetValueOrDefault(value)
        ?? (
            Producer(value) is { OpType: "Constant" } node ? node.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T : null
        );

    /// <summary>Adds an input; negative dimensions are open.</summary>
    public string Input(string name, TensorProto.Types.DataType type, params ReadOnlySpan<long> dimensions)
    {
        _graph.Input.Add(ValueInfo(name, type, dimensions));
        return name;
    }

    /// <summary>Makes a value an output of the graph; negative dimensions are open.</summary>
    public void Output(string name, TensorProto.Types.DataType type, params ReadOnlySpan<long> dimensions) =>
        _graph.Output.Add(ValueInfo(name, type, dimensions));

    /// <summary>Adds a node behind all others.</summary>
    /// <param name="output">Name of its value; null invents one.</param>
    /// <returns>The name of its value.</returns>
    public string Add(string op, string[] inputs, string? output = null, params ReadOnlySpan<AttributeProto> attributes)
    {
        output ??= Fresh(op);
        var node = new NodeProto
        {
            OpType = op,
            Name = output,
            Input = { inputs },
            Output = { output },
        };
        foreach (var attribute in attributes)
        {
            node.Attribute.Add(attribute);
        }

        _graph.Node.Add(node);
        _producers[output] = node;
        return output;
    }

    /// <summary>Adds a node of two values behind all others.</summary>
    public (string First, string Second) AddPair(string op, string[] inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var first = Add(op, inputs, null, attributes);
        var second = Fresh(op);
        var node = _producers[second] = _producers[first];
        node.Output.Add(second);
        return (first, second);
    }

    /// <summary>Adds a constant of single precision.</summary>
    public string Floats(ReadOnlySpan<float> values, params ReadOnlySpan<long> dimensions) =>
        Initializer(Fresh("floats"), TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), dimensions);

    /// <summary>Adds a constant list of integers, as shapes, axes and slices want them.</summary>
    public string Integers(params ReadOnlySpan<long> values) =>
        Initializer(Fresh("integers"), TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), values.Length);

    /// <summary>Adds a constant of any type, or replaces the one of that name.</summary>
    public string Initializer(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> raw, params ReadOnlySpan<long> dimensions)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)type,
            RawData = ByteString.CopyFrom(raw),
        };
        foreach (var dimension in dimensions)
        {
            tensor.Dims.Add(dimension);
        }

        if (_initializers.Remove(name, out var old))
        {
            _graph.Initializer.Remove(old);
        }

        _initializers[name] = tensor;
        _graph.Initializer.Add(tensor);
        return name;
    }

    public void ClearOutputs() => _graph.Output.Clear();

    /// <summary>Removes the nodes and constants that no output of the graph depends on. Sub-graphs keep what they use.</summary>
    public void RemoveUnused()
    {
        var needed = new HashSet<string>();
        var open = new Stack<string>(_graph.Output.Select(output => output.Name));
        while (open.TryPop(out var value))
        {
            if (needed.Add(value) && Producer(value) is { } node)
            {
                foreach (var input in InputsOf(node))
                {
                    open.Push(input);
                }
            }
        }

        Keep(_graph.Node, node => node.Output.Any(needed.Contains));
        Keep(_graph.Initializer, tensor => needed.Contains(tensor.Name));
        Keep(_graph.ValueInfo, info => needed.Contains(info.Name));
    }

    public byte[] ToBytes() => _model.ToByteArray();

    public static AttributeProto Attribute(string name, long value) =>
        new()
        {
            Name = name,
            Type = AttributeProto.Types.AttributeType.Int,
            I = value,
        };

    public static AttributeProto Attribute(string name, string value) =>
        new()
        {
            Name = name,
            Type = AttributeProto.Types.AttributeType.String,
            S = ByteString.CopyFromUtf8(value),
        };

    public static AttributeProto Attribute(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (var value in values)
        {
            attribute.Ints.Add(value);
        }

        return attribute;
    }

    /// <summary>An attribute's integer, or a default where the node does not state it.</summary>
    public static long Integer(NodeProto node, string attribute, long otherwise) =>
        node.Attribute.FirstOrDefault(candidate => candidate.Name == attribute)?.I ?? otherwise;

    private static IEnumerable<string> InputsOf(NodeProto node) =>
        node.Input.Concat(
            node.Attribute.Where(attribute => attribute.G is not null).SelectMany(attribute => attribute.G.Node.SelectMany(InputsOf))
        );

    private static void Keep<T>(Google.Protobuf.Collections.RepeatedField<T> items, Predicate<T> isKept)
    {
        var kept = items.Where(item => isKept(item)).ToArray();
        items.Clear();
        items.AddRange(kept);
    }

    private static ValueInfoProto ValueInfo(string name, TensorProto.Types.DataType type, ReadOnlySpan<long> dimensions)
    {
        var shape = new TensorShapeProto();
        for (var axis = 0; axis < dimensions.Length; axis++)
        {
            shape.Dim.Add(
                dimensions[axis] < 0
                    ? new TensorShapeProto.Types.Dimension { DimParam = $"{name}_{axis}" }
                    : new TensorShapeProto.Types.Dimension { DimValue = dimensions[axis] }
            );
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape },
            },
        };
    }

    private string Fresh(string what) => $"segbatch/{what}_{_fresh++}";
}
