using SegBatch.Onnx;
using Xunit;
using static SegBatch.Onnx.TensorProto.Types;

namespace SegBatch.Tests.Onnx;

/// <summary>A model taken apart and put together again is the same model.</summary>
public sealed class OnnxSkeletonTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Large_constants_stay_in_the_file_and_come_back_unchanged()
    {
        var whole = Write();
        var skeleton = OnnxSkeleton.Read(_path);
        Assert.InRange(skeleton.Model.CalculateSize(), 100, 3000);
        Assert.Equal([3000], skeleton.Model.Graph.Initializer.Single(tensor => tensor.Name == "large").Dims);

        var again = ModelProto.Parser.ParseFrom(skeleton.Assemble(skeleton.Model.Clone()));
        Assert.Equal(Constants(whole), Constants(again));
        whole.Graph.Initializer.Clear();
        again.Graph.Initializer.Clear();
        Assert.Equal(whole, again);
    }

    [Fact]
    public void What_an_edited_model_has_no_use_for_is_left_out()
    {
        var whole = Write();
        var skeleton = OnnxSkeleton.Read(_path);
        var graph = new GraphBuilder(skeleton.Model);
        graph.ClearOutputs();
        graph.Output("half", DataType.Float, -1);
        graph.RemoveUnused();
        var again = ModelProto.Parser.ParseFrom(skeleton.Assemble(skeleton.Model));
        Assert.Equal(["large"], again.Graph.Initializer.Select(tensor => tensor.Name));
        Assert.Equal(whole.Graph.Initializer.Single(tensor => tensor.Name == "large"), again.Graph.Initializer[0]);
        Assert.Single(again.Graph.Node);
    }

    [Fact]
    public void A_file_that_ends_too_early_is_an_error()
    {
        Write();
        var bytes = File.ReadAllBytes(_path);
        File.WriteAllBytes(_path, bytes[..(bytes.Length / 2)]);
        Assert.ThrowsAny<IOException>(() =>
        {
            var skeleton = OnnxSkeleton.Read(_path);
            skeleton.Assemble(skeleton.Model);
        });
    }

    [Fact]
    public void Weights_that_only_give_a_shape_become_zeros()
    {
        var graph = new GraphBuilder("shapes");
        var input = graph.Input("x", DataType.Float, -1);
        var weights = graph.Floats(new float[2000], 2000);
        var table = graph.Floats([.. Enumerable.Range(0, 2000).Select(i => (float)i)], 2000);
        var shape = graph.Add("Shape", [graph.Add("Add", [input, weights])]);
        graph.Output(graph.Add("Expand", [table, shape], "y"), DataType.Float, -1);
        graph.DropWeightsBehindShapes("y");
        Assert.Null(graph.Constant(weights));
        Assert.Equal("ConstantOfShape", graph.Producer(weights)?.OpType);
        Assert.NotNull(graph.Constant(table));
    }

    /// <summary>y = x + large, and half of it by a small constant; one constant more than a varint of two bytes can tell.</summary>
    private ModelProto Write()
    {
        var random = new Random(1);
        var graph = new GraphBuilder("test");
        var x = graph.Input("x", DataType.Float, -1);
        Large("large", 3000);
        Large("larger", 20_000);
        graph.Output(graph.Add("Mul", [graph.Add("Add", [x, "large"], "half"), graph.Floats([0.5f])]), DataType.Float, -1);
        graph.Output(graph.Add("Add", [x, "larger"]), DataType.Float, -1);
        File.WriteAllBytes(_path, graph.ToBytes());
        return ModelProto.Parser.ParseFrom(File.ReadAllBytes(_path));

        void Large(string name, int count)
        {
            var bytes = new byte[4 * count];
            random.NextBytes(bytes);
            graph.Initializer(name, DataType.Float, bytes, count);
        }
    }

    private static Dictionary<string, TensorProto> Constants(ModelProto model) =>
        model.Graph.Initializer.ToDictionary(tensor => tensor.Name);
}
