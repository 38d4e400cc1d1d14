using SegBatch.Detection;
using SegBatch.Gpu;
using SegBatch.Onnx;
using Xunit;
using static SegBatch.Onnx.TensorProto.Types;

namespace SegBatch.Tests.Gpu;

/// <summary>What can be said of the graph without a runtime; what it computes is held against the host's head elsewhere.</summary>
public sealed class SelectionGraphTests
{
    private static readonly PrototypeLayout s_layout = new(HeadKind.AnchorFree, 3, 4, 0, 1, false, "");

    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    public void Only_fixed_sizes_leave_the_device(int opset)
    {
        var model = Model(DataType.Float, opset);
        var (prototypes, type) = SelectionGraph.Append(model, s_layout, 2, 5);
        Assert.Equal(("output1", DataType.Float), (prototypes, type));
        Assert.Equal([SelectionGraph.Rows, SelectionGraph.Coefficients, "output1"], model.Graph.Output.Select(output => output.Name));
        Assert.Equal([2, 5, 7], Sides(model.Graph.Output[0]));
        Assert.Equal([10, 4], Sides(model.Graph.Output[1]));
        Assert.Equal(["images", SelectionGraph.Wanted], model.Graph.Input.Select(input => input.Name));

        // Their results have no fixed size: TensorRT does not take them, and captured graphs cannot hold them.
        Assert.DoesNotContain(model.Graph.Node, node => node.OpType is "NonMaxSuppression" or "NonZero" or "Where" or "If" or "Loop");
        var max = Assert.Single(model.Graph.Node, node => node.OpType == "ReduceMax");
        Assert.Equal(opset >= 18 ? 2 : 1, max.Input.Count); // axes became an input
    }

    [Fact]
    public void A_half_input_is_fed_in_single_precision()
    {
        var model = Model(DataType.Float16, 17);
        var (_, type) = SelectionGraph.Append(model, s_layout, 1, 5);
        Assert.Equal((int)DataType.Float, model.Graph.Input[0].Type.TensorType.ElemType);
        var cast = model.Graph.Node[0];
        Assert.Equal(("Cast", model.Graph.Input[0].Name, "images"), (cast.OpType, cast.Input[0], cast.Output[0]));
        Assert.Equal(DataType.Float16, type); // prototypes stay as they are: they do not travel
    }

    private static ModelProto Model(DataType type, int opset)
    {
        var graph = new GraphBuilder("network", opset);
        graph.Input("images", type, 2, 3, 64, 64);
        graph.Add("Network", ["images"], "output0");
        graph.Add("Network", ["images"], "output1");
        graph.Output("output0", type, 2, 4 + 3 + 4, 84);
        graph.Output("output1", type, 2, 4, 16, 16);
        return ModelProto.Parser.ParseFrom(graph.ToBytes());
    }

    private static long[] Sides(ValueInfoProto value) => [.. value.Type.TensorType.Shape.Dim.Select(side => side.DimValue)];
}
