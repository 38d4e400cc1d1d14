using SegBatch.Inference;
using SegBatch.Onnx;

namespace SegBatch.Quantization;

/// <summary>
/// Which nodes of a network compute in integers, and which of its tensors are rounded for that. The last convolutions before each output,
/// and all that follows them, stay as they are: boxes, scores and mask coefficients of very different sizes meet there, and a rounding
/// error is no longer averaged away.
/// </summary>
internal sealed class QuantizationPlan
{
    private static readonly HashSet<string> s_joined =
    [
        "Sigmoid",
        "Mul",
        "Add",
        "Concat",
        "MaxPool",
        "Resize",
        "Split",
        "Relu",
        "DepthToSpace",
    ];
    private static readonly HashSet<string> s_moving = ["Transpose", "Reshape", "Squeeze", "Unsqueeze", "Flatten"];

    private readonly GraphBuilder _graph;
    private readonly Dictionary<string, int> _uses;
    private readonly HashSet<NodeProto> _head = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _features = [];
    private readonly HashSet<string> _values = [];
    private readonly Dictionary<string, string> _sameAs = [];
    private readonly List<NodeProto> _nodes = [];
    private readonly HashSet<NodeProto> _taken = new(ReferenceEqualityComparer.Instance);

    private QuantizationPlan(GraphBuilder graph, string input)
    {
        _graph = graph;
        _uses = graph.Nodes.SelectMany(node => node.Input).CountBy(name => name).ToDictionary();
        Input = input;
    }

    /// <summary>The picture tensor.</summary>
    public string Input { get; }

    /// <summary>Nodes that compute in integers, in the order of the file.</summary>
    public IReadOnlyList<NodeProto> Nodes => _nodes;

    /// <summary>Tensors that are rounded to integers.</summary>
    public IReadOnlyCollection<string> Values => _values;

    /// <summary>Tensors whose range has to be seen on pictures; the others' follow from these.</summary>
    public IReadOnlyList<string> Observed => [.. _values.Where(value => RangeSource(value) is RangeKind.Observed)];

    /// <param name="graph">Nodes in an order in which each comes after those it uses.</param>
    /// <param name="input">Name of the picture tensor.</param>
    /// <exception cref="ModelException">Nothing of the network can be quantised.</exception>
    public static QuantizationPlan Of(GraphBuilder graph, string input)
    {
        var plan = new QuantizationPlan(graph, input);
        plan.FindHead();
        plan.FindNodes();
        return plan._nodes.Exists(node => node.OpType == "Conv")
            ? plan
            : throw new ModelException(
                ModelException.Quantization,
                "The network has no convolution before its last ones: there is nothing to quantise."
            );
    }

    /// <summary>Every tensor's range, from those that were seen.</summary>
    public IReadOnlyDictionary<string, QuantizedRange> Ranges(IReadOnlyDictionary<string, QuantizedRange> observed)
    {
        var ranges = new Dictionary<string, QuantizedRange>();
        foreach (var value in _values)
        {
            Resolve(value);
        }

        return ranges;

        QuantizedRange Resolve(string value)
        {
            if (!ranges.TryGetValue(value, out var range))
            {
                ranges[value] = range = RangeSource(value) switch
                {
                    RangeKind.Unit => QuantizedRange.Unit,
                    RangeKind.SameAsInput => Resolve(_sameAs[value]),
                    RangeKind.Union => Union([.. _graph.Producer(value)!.Input.Select(Resolve)]),
                    _ => observed[value],
                };
            }

            return range;
        }
    }

    /// <summary>The activation whose result is all that is used of a tensor: x·sigmoid(x), or null.</summary>
    public Func<float, float>? FunctionBehind(string value) =>
        _uses.GetValueOrDefault(value) == 2
        && _nodes.Find(node => node.OpType == "Sigmoid" && node.Input[0] == value) is { } sigmoid
        && _nodes.Exists(node => node.OpType == "Mul" && node.Input.Contains(value) && node.Input.Contains(sigmoid.Output[0]))
            ? static x => x / (1 + MathF.Exp(-x))
            : null;

    private enum RangeKind
    {
        Observed,
        Unit,
        SameAsInput,
        Union,
    }

    private RangeKind RangeSource(string value) =>
        value == Input ? RangeKind.Unit
        : _sameAs.ContainsKey(value) ? RangeKind.SameAsInput
        : _graph.Producer(value) is { } node && _taken.Contains(node)
            ? node.OpType switch
            {
                "Sigmoid" => RangeKind.Unit,
                "Concat" => RangeKind.Union,
                _ => RangeKind.Observed,
            }
        : RangeKind.Observed;

    private static QuantizedRange Union(QuantizedRange[] ranges) =>
        Array.TrueForAll(ranges, range => range == ranges[0])
            ? ranges[0]
            : QuantizedRange.Of(ranges.Min(range => range.Min), ranges.Max(range => range.Max));

    /// <summary>Backwards from the outputs to the first convolutions, these included. A tensor's size is no path to its values.</summary>
    private void FindHead()
    {
        var open = new Stack<string>(_graph.Outputs.Select(output => output.Name));
        while (open.TryPop(out var value))
        {
            if (_graph.Producer(value) is not { OpType: not "Shape" } node || !_head.Add(node))
            {
                continue;
            }

            if (node.OpType is not ("Conv" or "ConvTranspose") || IsProjection(node))
            {
                foreach (var input in node.Input)
                {
                    open.Push(input);
                }
            }
        }
    }

    /// <summary>The sum over a distribution of distances, written as a convolution: what it weighs comes straight from a softmax.</summary>
    private bool IsProjection(NodeProto conv)
    {
        var node = _graph.Producer(conv.Input[0]);
        while (node is not null && s_moving.Contains(node.OpType))
        {
            node = _graph.Producer(node.Input[0]);
        }

        return node?.OpType == "Softmax";
    }

    private void FindNodes()
    {
        _features.Add(Input);
        foreach (var node in _graph.Nodes)
        {
            if (node.OpType == "Conv" && node.Input.Skip(1).All(name => name.Length == 0 || _graph.IsInitializer(name)))
            {
                _features.Add(node.Output[0]);
                if (!_head.Contains(node))
                {
                    Take(node);
                }
            }
            else if (node.OpType == "ConvTranspose")
            {
                _features.Add(node.Output[0]);
            }
            else if (s_joined.Contains(node.OpType) && Tensors(node).All(_features.Contains) && IsPlain(node))
            {
                _features.UnionWith(node.Output);
                if (!_head.Contains(node))
                {
                    Take(node);
                }
            }
        }
    }

    private void Take(NodeProto node)
    {
        _nodes.Add(node);
        _taken.Add(node);
        if (node.OpType == "Relu" && IsOnlyUse(node.Input[0]))
        {
            // Clamping at 0 is what the integers of the result do by themselves: the runtime drops the Relu.
            _values.Remove(node.Input[0]);
        }
        else
        {
            _values.UnionWith(Tensors(node));
        }

        foreach (var output in node.Output)
        {
            _values.Add(output);
            if (node.OpType is "MaxPool" or "Resize" or "Split" or "DepthToSpace")
            {
                _sameAs[output] = node.Input[0];
            }
        }
    }

    private bool IsOnlyUse(string value) => _uses.GetValueOrDefault(value) == 1 && _graph.Producer(value) is { OpType: "Conv" or "Add" };

    /// <summary>The inputs that carry pictures or features; sizes, scales and weights are the others.</summary>
    private static IEnumerable<string> Tensors(NodeProto node) =>
        node.OpType is "Conv" or "Resize" or "Split" or "MaxPool" ? node.Input.Take(1) : node.Input;

    /// <summary>Forms of an operator that keep the range of what they are given, and that have an integer form.</summary>
    private static bool IsPlain(NodeProto node) =>
        node.OpType switch
        {
            "Resize" => NodeAttribute.Text(node, "mode", "nearest") is "nearest" or "linear",
            "MaxPool" => node.Output.Count == 1,
            _ => true,
        };
}
