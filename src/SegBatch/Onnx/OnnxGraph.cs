using Google.Protobuf;
using Google.Protobuf.Collections;

namespace SegBatch.Onnx;

/// <summary>
/// The graph of an ONNX model, where values go by their names: what makes each of them, and how to take parts away. What may go is said by
/// <see cref="GraphPruning"/>.
/// </summary>
internal abstract class OnnxGraph
{
    private readonly ModelProto _model;
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly Dictionary<string, TensorProto> _initializers = [];
    private int _fresh;

    /// <param name="model">Edited in place.</param>
    protected OnnxGraph(ModelProto model)
    {
        (_model, Graph) = (model, model.Graph);
        Index();
    }

    public IReadOnlyList<NodeProto> Nodes => Graph.Node;

    public IReadOnlyList<ValueInfoProto> Inputs => Graph.Input;

    public IReadOnlyList<ValueInfoProto> Outputs => Graph.Output;

    public IReadOnlyList<TensorProto> Initializers => Graph.Initializer;

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

    protected GraphProto Graph { get; }

    /// <summary>Writes a pair of the model's metadata, over what it said under that key.</summary>
    public void Metadata(string key, string value)
    {
        Keep(_model.MetadataProps, pair => pair.Key != key);
        _model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    public void ClearOutputs() => Graph.Output.Clear();

    /// <summary>Takes a value away from the node that makes it, so that an input of that name can stand in for it.</summary>
    public void Cut(string value)
    {
        if (_producers.Remove(value, out var node))
        {
            node.Output[node.Output.IndexOf(value)] = Fresh("cut");
        }
    }

    /// <summary>Leaves only some of the values, in the file's order; a node stays as long as one of its values does.</summary>
    /// <param name="isKept">Told names.</param>
    public void Keep(Predicate<string> isKept)
    {
        Keep(Graph.Node, node => node.Output.Any(output => isKept(output)));
        Keep(Graph.Initializer, tensor => isKept(tensor.Name));
        Keep(Graph.ValueInfo, info => isKept(info.Name));
        Index();
    }

    /// <summary>Leaves only some of the inputs.</summary>
    /// <param name="isKept">Told names.</param>
    public void KeepInputs(Predicate<string> isKept) => Keep(Graph.Input, input => isKept(input.Name));

    /// <summary>Puts the nodes into another order.</summary>
    /// <param name="nodes">All of them.</param>
    public void Reorder(IReadOnlyCollection<NodeProto> nodes)
    {
        Graph.Node.Clear();
        Graph.Node.AddRange(nodes);
    }

    /// <summary>Removes a constant, so that a node can give its value.</summary>
    public void RemoveInitializer(string name)
    {
        if (_initializers.Remove(name, out var tensor))
        {
            Graph.Initializer.Remove(tensor);
        }
    }

    public byte[] ToBytes() => _model.ToByteArray();

    private void Index()
    {
        _producers.Clear();
        _initializers.Clear();
        foreach (var node in Graph.Node)
        {
            foreach (var output in node.Output.Where(output => output.Length > 0)) // an empty name is an output that is left out
            {
                _producers[output] = node;
            }
        }

        foreach (var tensor in Graph.Initializer)
        {
            _initializers[tensor.Name] = tensor;
        }
    }

    private static void Keep<T>(RepeatedField<T> items, Predicate<T> isKept)
    {
        var kept = items.Where(item => isKept(item)).ToArray();
        items.Clear();
        items.AddRange(kept);
    }

    protected void AddNode(NodeProto node)
    {
        Graph.Node.Add(node);
        foreach (var output in node.Output)
        {
            _producers[output] = node;
        }
    }

    protected void AddOutput(NodeProto node, string output)
    {
        node.Output.Add(output);
        _producers[output] = node;
    }

    protected void AddInitializer(TensorProto tensor)
    {
        Graph.Initializer.Add(tensor);
        _initializers[tensor.Name] = tensor;
    }

    /// <summary>A name that no value has; a file that was edited before has some of these already.</summary>
    protected string Fresh(string what)
    {
        var name = $"segbatch/{what}_{_fresh++}";
        while (_producers.ContainsKey(name) || _initializers.ContainsKey(name))
        {
            name = $"segbatch/{what}_{_fresh++}";
        }

        return name;
    }
}
