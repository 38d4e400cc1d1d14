using SegBatch.Onnx;
using Xunit;

namespace SegBatch.Tests.Onnx;

public sealed class GraphBuilderTests
{
    [Fact]
    public void Sorting_moves_only_what_stands_before_its_inputs()
    {
        var graph = new GraphBuilder("net");
        graph.Input("in", TensorProto.Types.DataType.Float, 1);
        graph.Add("Relu", ["b"], "c");
        graph.Add("Relu", ["in"], "a");
        graph.Add("Relu", ["in"], "x");
        graph.Add("Relu", ["a"], "b");
        graph.Sort();
        Assert.Equal(["a", "b", "c", "x"], graph.Nodes.Select(node => node.Output[0]));
        graph.Sort();
        Assert.Equal(["a", "b", "c", "x"], graph.Nodes.Select(node => node.Output[0]));
    }

    [Fact]
    public void What_is_removed_is_forgotten()
    {
        var graph = new GraphBuilder("net");
        graph.Input("in", TensorProto.Types.DataType.Float, 1);
        graph.Floats([1], 1);
        var used = graph.Floats([2], 1);
        graph.Add("Add", ["in", used], "sum");
        graph.Add("Relu", ["sum"], "unused");
        graph.Output("sum", TensorProto.Types.DataType.Float, 1);
        graph.RemoveUnused();
        Assert.Equal("sum", Assert.Single(graph.Nodes).Output[0]);
        Assert.Null(graph.Producer("unused"));
        Assert.True(graph.IsInitializer(used));
        Assert.False(graph.IsInitializer("segbatch/floats_0"));
    }

    [Fact]
    public void Metadata_of_the_same_key_is_replaced()
    {
        var model = new ModelProto { Graph = new GraphProto() };
        var graph = new GraphBuilder(model);
        graph.Metadata("a", "1");
        graph.Metadata("b", "2");
        graph.Metadata("a", "3");
        Assert.Equal([("b", "2"), ("a", "3")], model.MetadataProps.Select(pair => (pair.Key, pair.Value)));
    }

    /// <summary>A file that was made here has such names already: an 8-bit network is one.</summary>
    [Fact]
    public void Invented_names_are_not_those_of_the_file()
    {
        var first = new GraphBuilder("net");
        var zeros = first.Integers(0, 0, 0);
        var relu = first.Add("Relu", ["in"]);
        var model = ModelProto.Parser.ParseFrom(first.ToBytes());

        var again = new GraphBuilder(model);
        Assert.NotEqual(zeros, again.Integers(1));
        Assert.NotEqual(relu, again.Add("Relu", ["in"]));
        Assert.Equal(3, again.Constant(zeros)!.Dims[0]);
    }

    /// <summary>Inputs and outputs that a node leaves out have an empty name, which joins nothing.</summary>
    [Fact]
    public void What_is_left_out_is_nobodys_input()
    {
        var graph = new GraphBuilder("net");
        graph.Input("in", TensorProto.Types.DataType.Float, 1);
        graph.Add("Dropout", ["in"], "unused");
        graph.Nodes[0].Output.Add("");
        var model = ModelProto.Parser.ParseFrom(graph.ToBytes());

        graph = new GraphBuilder(model);
        graph.Add("Clip", ["in", "", "in"], "out");
        graph.Output("out", TensorProto.Types.DataType.Float, 1);
        Assert.Null(graph.Producer(""));
        graph.RemoveUnused();
        Assert.Equal("Clip", Assert.Single(graph.Nodes).OpType);
    }
}
