using Microsoft.ML.OnnxRuntime;
using SegBatch.Onnx;
using SegBatch.Quantization;
using Xunit;

namespace SegBatch.IntegrationTests.Quantization;

/// <summary>A transposed convolution and what stands in for it, both computed by ONNX Runtime.</summary>
public sealed class TransposedConvolutionTests
{
    private const TensorProto.Types.DataType Float = TensorProto.Types.DataType.Float;

    [Theory]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Blocks_side_by_side_become_a_convolution_of_the_same_values(int block, bool hasBias)
    {
        var graph = Graph(block, block, hasBias);
        var expected = Run(graph);
        TransposedConvolution.Replace(graph);
        graph.RemoveUnused();
        graph.Sort();
        Assert.Equal(["Conv", "DepthToSpace"], graph.Nodes.Select(node => node.OpType));
        var actual = Run(graph);
        Assert.Equal(4 * 5 * block * 6 * block, expected.Length);
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5f);
        }
    }

    [Fact]
    public void Blocks_that_overlap_stay()
    {
        var graph = Graph(kernel: 3, stride: 2, hasBias: true);
        TransposedConvolution.Replace(graph);
        Assert.Equal("ConvTranspose", Assert.Single(graph.Nodes).OpType);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_convolution_behind_it_is_merged_and_borders_stay_as_they_were(bool hasBias)
    {
        var random = new Random(9);
        var graph = Graph(2, 2, hasBias);
        var weights = graph.Floats([.. Enumerable.Range(0, 2 * 4 * 9).Select(_ => random.NextSingle() - 0.5f)], 2, 4, 3, 3);
        string[] inputs = hasBias ? ["out", weights, graph.Floats([1, -2], 2)] : ["out", weights];
        graph.Add("Conv", inputs, "end", NodeAttribute.Of("kernel_shape", [3, 3]), NodeAttribute.Of("pads", [1, 1, 1, 1]));
        graph.ClearOutputs();
        graph.Output("end", Float, 1, 2, -1, -1);
        var expected = Run(graph);
        UpsampledConvolution.Merge(graph);
        graph.RemoveUnused();
        graph.Sort();
        Assert.DoesNotContain(graph.Nodes, node => node.OpType == "ConvTranspose" || node.Input.Contains(weights));
        var actual = Run(graph);
        Assert.Equal(2 * 10 * 12, expected.Length);
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5f);
        }
    }

    [Fact]
    public void It_is_not_merged_where_something_else_sees_the_large_picture()
    {
        var graph = Graph(2, 2, hasBias: true);
        graph.Add("Conv", ["out", graph.Floats(new float[72], 2, 4, 3, 3)], "end", NodeAttribute.Of("pads", [1, 1, 1, 1]));
        graph.Add("Relu", ["out"], "seen");
        UpsampledConvolution.Merge(graph);
        Assert.Contains(graph.Nodes, node => node.OpType == "ConvTranspose" && node.Output[0] == "out");
        Assert.Equal("Conv", graph.Producer("end")!.OpType);
    }

    /// <summary>[1, 3, 5, 6] to 4 channels, enlarged.</summary>
    private static GraphBuilder Graph(int kernel, int stride, bool hasBias)
    {
        var random = new Random(kernel);
        var graph = new GraphBuilder("net");
        graph.Input("in", Float, 1, 3, 5, 6);
        var weights = graph.Floats(
            [.. Enumerable.Range(0, 3 * 4 * kernel * kernel).Select(_ => random.NextSingle() - 0.5f)],
            3,
            4,
            kernel,
            kernel
        );
        string[] inputs = hasBias ? ["in", weights, graph.Floats([0.5f, -1, 2, 0], 4)] : ["in", weights];
        graph.Add(
            "ConvTranspose",
            inputs,
            "out",
            NodeAttribute.Of("kernel_shape", [kernel, kernel]),
            NodeAttribute.Of("strides", [stride, stride]),
            NodeAttribute.Of("pads", [0, 0, 0, 0])
        );
        graph.Output("out", Float, 1, 4, -1, -1);
        return graph;
    }

    private static float[] Run(GraphBuilder graph)
    {
        using var session = new InferenceSession(graph.ToBytes());
        var values = Enumerable.Range(0, 3 * 5 * 6).Select(i => MathF.Sin(i)).ToArray();
        using var input = OrtValue.CreateTensorValueFromMemory(values, [1, 3, 5, 6]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, ["in"], [input], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
