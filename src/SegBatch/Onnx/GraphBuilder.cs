using System.Runtime.InteropServices;
using Google.Protobuf;

namespace SegBatch.Onnx;

/// <summary>
/// Adds to the graph of an ONNX model, or writes a new one. Operators are those of https://onnx.ai/onnx/operators/. Nothing is checked
/// here: ONNX Runtime checks a graph when it loads it.
/// </summary>
internal sealed class GraphBuilder : OnnxGraph
{
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
        : base(model) { }

    /// <summary>Adds an input; negative dimensions are open.</summary>
    public string Input(string name, TensorProto.Types.DataType type, params ReadOnlySpan<long> dimensions)
    {
        Graph.Input.Add(ValueInfo.Of(name, type, dimensions));
        return name;
    }

    /// <summary>Makes a value an output of the graph; negative dimensions are open.</summary>
    public void Output(string name, TensorProto.Types.DataType type, params ReadOnlySpan<long> dimensions) =>
        Graph.Output.Add(ValueInfo.Of(name, type, dimensions));

    /// <summary>Makes a value of single precision an output of the graph and leaves its shape to ONNX Runtime.</summary>
    public void OutputOfAnyShape(string name) => Graph.Output.Add(ValueInfo.OfAnyShape(name, TensorProto.Types.DataType.Float));

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

        AddNode(node);
        return output;
    }

    /// <summary>Adds a node of two values behind all others.</summary>
    public (string First, string Second) AddPair(string op, string[] inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var first = Add(op, inputs, null, attributes);
        var second = Fresh(op);
        AddOutput(Producer(first)!, second);
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

        RemoveInitializer(name);
        AddInitializer(tensor);
        return name;
    }
}
