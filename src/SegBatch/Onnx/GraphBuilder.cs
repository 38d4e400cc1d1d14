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

    public IReadOnlyList<ValueInfoProto> Inputs => _graph.Input;

    public IReadOnlyList<ValueInfoProto> Outputs => _graph.Output;

    /// <summary>The node that makes a value; null for inputs and constants.</summary>
    public NodeProto? Producer(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The tensor behind a value that is constant: an initializer or the output of a Constant node; else null.</summary>
    public TensorProto? Constant(string value) =>
        _initializers.GetValueOrDefault(value)
        ?? (
            Producer(value) is { OpType: "Constant" } node ? node.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T : null
        );

    /// <summary>True for a value that the file itself holds.</summary>
    public bool IsInitializer(string value) => _initializers.ContainsKey(value);

    /// <summary>Adds an input; negative dimensions are open.</summary>
    public string Input(string name, TensorProto.Types.DataType type, params ReadOnlySpan<long> dimensions)
    {
        _graph.Input.Add(ValueInfo(name, type, dimensions));
        return name;
    }

    /// <summary>Makes a value an output of the graph; negative dimensions are open.</summary>
    public void Output(string name, TensorProto.Types.DataType type, params ReadOnlySpan<long> dimensions) =>
        _graph.Output.Add(ValueInfo(name, type, dimensions));

    /// <summary>Makes a value of single precision an output of the graph and leaves its shape to ONNX Runtime.</summary>
    public void OutputOfAnyShape(string name) =>
        _graph.Output.Add(
            new ValueInfoProto
            {
                Name = name,
                Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float } },
            }
        );

    /// <summary>Writes a pair of the model's metadata, over what it said under that key.</summary>
    public void Metadata(string key, string value)
    {
        Keep(_model.MetadataProps, pair => pair.Key != key);
        _model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    /// <summary>
    /// Orders the nodes so that each comes after those it uses, as the format wants it; else they keep their order. Sub-graphs are not looked into.
    /// </summary>
    public void Sort()
    {
        var sorted = new List<NodeProto>(_graph.Node.Count);
        var seen = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var open = new Stack<(NodeProto Node, bool InputsDone)>();
        foreach (var root in _graph.Node)
        {
            open.Push((root, false));
            while (open.TryPop(out var next))
            {
                if (next.InputsDone)
                {
                    sorted.Add(next.Node);
                }
                else if (seen.Add(next.Node))
                {
                    open.Push((next.Node, true));
                    foreach (var input in InputsOf(next.Node).Select(Producer).OfType<NodeProto>().Reverse())
                    {
                        open.Push((input, false));
                    }
                }
            }
        }

        _graph.Node.Clear();
        _graph.Node.AddRange(sorted);
    }

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

    /// <summary>Takes a value away from the node that makes it, so that an input of that name can stand in for it.</summary>
    public void Cut(string value)
    {
        if (_producers.Remove(value, out var node))
        {
            node.Output[node.Output.IndexOf(value)] = Fresh("cut");
        }
    }

    /// <summary>
    /// Puts zeros in place of the large weights that a value does not depend on except by its shape: what is left computes the same
    /// value and is a fraction of the size.
    /// </summary>
    public void DropWeightsBehindShapes(string value)
    {
        const int Large = 1024;
        var needed = Needed([value], node => node.OpType == "Shape");
        foreach (
            var tensor in _graph
                .Initializer.Where(tensor =>
                    !needed.Contains(tensor.Name) && tensor.Dims.Aggregate(1L, (product, side) => product * side) > Large
                )
                .ToArray()
        )
        {
            if (tensor.DataType == (int)TensorProto.Types.DataType.Float)
            {
                _graph.Initializer.Remove(tensor);
                _initializers.Remove(tensor.Name);
                Add("ConstantOfShape", [Integers([.. tensor.Dims])], tensor.Name);
            }
        }
    }

    /// <summary>Removes the inputs that no node reads. Call it behind <see cref="RemoveUnused"/>.</summary>
    public void RemoveUnusedInputs()
    {
        var read = _graph.Node.SelectMany(InputsOf).Concat(_graph.Output.Select(output => output.Name)).ToHashSet();
        Keep(_graph.Input, input => read.Contains(input.Name));
    }

    /// <summary>Removes the nodes and constants that no output of the graph depends on. Sub-graphs keep what they use.</summary>
    public void RemoveUnused()
    {
        var needed = Needed(_graph.Output.Select(output => output.Name), _ => false);
        Keep(_graph.Node, node => node.Output.Any(needed.Contains));
        Keep(_graph.Initializer, tensor => needed.Contains(tensor.Name));
        Keep(_graph.ValueInfo, info => needed.Contains(info.Name));
        foreach (var name in _producers.Keys.Concat(_initializers.Keys).Where(name => !needed.Contains(name)).ToList())
        {
            _initializers.Remove(name);
            if (_producers.TryGetValue(name, out var node) && !node.Output.Any(needed.Contains))
            {
                _producers.Remove(name);
            }
        }
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

    /// <summary>An attribute's text, or a default where the node does not state it.</summary>
    public static string Text(NodeProto node, string attribute, string otherwise) =>
        node.Attribute.FirstOrDefault(candidate => candidate.Name == attribute)?.S.ToStringUtf8() ?? otherwise;

    /// <summary>The values of a tensor of single precision, in either form of storage.</summary>
    public static float[] Singles(TensorProto tensor) =>
        tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];

    private static IEnumerable<string> InputsOf(NodeProto node) =>
        node.Input.Concat(
            node.Attribute.Where(attribute => attribute.G is not null).SelectMany(attribute => attribute.G.Node.SelectMany(InputsOf))
        );

    /// <summary>The values that some values depend on, themselves included; nodes where the search ends are not looked behind.</summary>
    private HashSet<string> Needed(IEnumerable<string> values, Predicate<NodeProto> isEnd)
    {
        var needed = new HashSet<string>();
        var open = new Stack<string>(values);
        while (open.TryPop(out var value))
        {
            if (needed.Add(value) && Producer(value) is { } node && !isEnd(node))
            {
                foreach (var input in InputsOf(node))
                {
                    open.Push(input);
                }
            }
        }

        return needed;
    }

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
