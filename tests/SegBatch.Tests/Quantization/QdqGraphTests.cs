using System.Runtime.InteropServices;
using SegBatch.Inference;
using SegBatch.Onnx;
using SegBatch.Quantization;
using Xunit;

namespace SegBatch.Tests.Quantization;

/// <summary>What is quantised of a small network, and what is written.</summary>
public sealed class QdqGraphTests
{
    private const TensorProto.Types.DataType Float = TensorProto.Types.DataType.Float;

    private readonly GraphBuilder _graph = new("net");

    /// <summary>images → a, SiLU → split, concatenated with the b branch (ReLU) → pooled → the last convolution → out.</summary>
    public QdqGraphTests()
    {
        _graph.Input("images", Float, 1, 3, 32, 32);
        Conv("images", "a", inputs: 3);
        Silu("a");
        Conv("a.silu", "b");
        _graph.Add("Relu", ["b"], "b.relu");
        _graph.Add("Concat", ["a.silu", "b.relu"], "both", NodeAttribute.Of("axis", 1));
        _graph.Add("MaxPool", ["both"], "pooled", NodeAttribute.Of("kernel_shape", [3, 3]));
        Conv("pooled", "last", inputs: 8);
        Silu("last", "out");
        _graph.Output("out", Float, 1, 4, -1, -1);
    }

    [Fact]
    public void The_last_convolution_and_what_follows_stay_in_floating_point()
    {
        var plan = QuantizationPlan.Of(_graph, "images");
        Assert.Equal(["a", "a.sigmoid", "a.silu", "b", "b.relu", "both", "pooled"], plan.Nodes.Select(node => node.Output[0]));
    }

    [Fact]
    public void The_sum_over_a_distribution_is_no_last_convolution()
    {
        var graph = new GraphBuilder("net");
        graph.Input("images", Float, 1, 3, 32, 32);
        Conv("images", "a", inputs: 3, graph);
        Conv("a", "distances", graph: graph);
        graph.Add("Softmax", ["distances"], "shares", NodeAttribute.Of("axis", 1));
        graph.Add("Transpose", ["shares"], "turned", NodeAttribute.Of("perm", [0, 1, 3, 2]));
        Conv("turned", "box", graph: graph);
        graph.Add("Shape", ["a"], "size");
        graph.Output("box", Float, 1, 4, -1, -1);
        graph.Output("size", TensorProto.Types.DataType.Int64, 4);
        // The size of "a" is an output too, but no path to its values.
        Assert.Equal(["a"], QuantizationPlan.Of(graph, "images").Nodes.Select(node => node.Output[0]));
    }

    [Fact]
    public void Only_what_does_not_follow_from_other_ranges_is_observed()
    {
        var plan = QuantizationPlan.Of(_graph, "images");
        Assert.Equal(["a", "a.silu", "b.relu"], plan.Observed.Order());
        Assert.DoesNotContain("b", plan.Values); // its ReLU is done by the integers

        var ranges = plan.Ranges(
            new Dictionary<string, QuantizedRange>
            {
                ["a"] = QuantizedRange.Of(-8, 8),
                ["a.silu"] = QuantizedRange.Of(-0.25f, 8),
                ["b.relu"] = QuantizedRange.Of(0, 10),
            }
        );
        Assert.Equal(QuantizedRange.Unit, ranges["images"]);
        Assert.Equal(QuantizedRange.Unit, ranges["a.sigmoid"]);
        Assert.Equal(-0.25f, ranges["both"].Min, 0.05f);
        Assert.Equal(10, ranges["both"].Max, 0.05f);
        Assert.Equal(ranges["both"], ranges["pooled"]);
        Assert.Equal(0, ranges["b.relu"].ZeroPoint); // else the runtime cannot drop the ReLU
    }

    [Fact]
    public void Behind_the_first_convolution_stands_its_activation()
    {
        var plan = QuantizationPlan.Of(_graph, "images");
        Assert.Equal(0.7310586f, plan.FunctionBehind("a")!(1), 6);
        Assert.Null(plan.FunctionBehind("a.silu"));
    }

    [Fact]
    public void Weights_and_bias_are_written_as_integers_that_mean_the_same()
    {
        var plan = QuantizationPlan.Of(_graph, "images");
        var (weights, bias) = (TensorValues.Singles(_graph.Constant("a.weight")!), TensorValues.Singles(_graph.Constant("a.bias")!));
        QdqGraph.Write(_graph, plan, plan.Ranges(plan.Observed.ToDictionary(name => name, _ => QuantizedRange.Of(-1, 5))));

        var conv = _graph.Producer("a")!;
        Assert.Equal("images/dequantized", conv.Input[0]);
        var scales = Constants<float>(conv.Input[1], 1);
        var integers = Constants<sbyte>(conv.Input[1], 0);
        var step = weights.Length / scales.Length;
        for (var i = 0; i < weights.Length; i++)
        {
            Assert.Equal(weights[i], integers[i] * scales[i / step], 4 * scales[i / step]);
        }

        Assert.Equal(scales.Select(scale => scale * QuantizedRange.Unit.Scale), Constants<float>(conv.Input[2], 1));
        var written = Constants<int>(conv.Input[2], 0);
        Assert.All(
            bias.Select((value, i) => (value, i)),
            pair => Assert.Equal(pair.value, written[pair.i] * scales[pair.i] * QuantizedRange.Unit.Scale, 1e-4f)
        );
        Assert.Null(_graph.Constant("a.weight")); // the floating-point ones are gone
        Assert.NotNull(_graph.Constant("last.weight"));
    }

    [Fact]
    public void Every_tensor_goes_through_integers_once_and_nodes_stand_in_order()
    {
        var plan = QuantizationPlan.Of(_graph, "images");
        QdqGraph.Write(_graph, plan, plan.Ranges(plan.Observed.ToDictionary(name => name, _ => QuantizedRange.Of(-1, 5))));
        Assert.Equal(plan.Values.Count, _graph.Nodes.Count(node => node.OpType == "QuantizeLinear"));
        Assert.Equal("pooled/dequantized", _graph.Producer("last")!.Input[0]);
        var known = new HashSet<string> { "images" };
        foreach (var node in _graph.Nodes)
        {
            Assert.All(
                node.Input,
                name => Assert.True(known.Contains(name) || _graph.IsInitializer(name), $"{node.Name} comes before {name}")
            );
            known.UnionWith(node.Output);
        }
    }

    [Fact]
    public void A_network_of_nothing_but_last_convolutions_is_refused()
    {
        var graph = new GraphBuilder("net");
        graph.Input("images", Float, 1, 3, 32, 32);
        Conv("images", "out", inputs: 3, graph);
        graph.Output("out", Float, 1, 4, -1, -1);
        Assert.Equal(ModelException.Quantization, Assert.Throws<ModelException>(() => QuantizationPlan.Of(graph, "images")).Code);
    }

    private void Conv(string input, string output, int inputs = 4, GraphBuilder? graph = null)
    {
        graph ??= _graph;
        var random = new Random(output.Length + inputs);
        var weights = Enumerable.Range(0, 4 * inputs).Select(_ => random.NextSingle() - 0.5f).ToArray();
        graph.Initializer($"{output}.weight", Float, MemoryMarshal.AsBytes(weights.AsSpan()), 4, inputs, 1, 1);
        graph.Initializer($"{output}.bias", Float, MemoryMarshal.AsBytes<float>([0.5f, -0.25f, 0, 3]), 4);
        graph.Add("Conv", [input, $"{output}.weight", $"{output}.bias"], output);
    }

    private void Silu(string value, string? output = null)
    {
        _graph.Add("Sigmoid", [value], $"{value}.sigmoid");
        _graph.Add("Mul", [value, $"{value}.sigmoid"], output ?? $"{value}.silu");
    }

    private T[] Constants<T>(string dequantized, int input)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(_graph.Constant(_graph.Producer(dequantized)!.Input[input])!.RawData.Span).ToArray();
}
