using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.Onnx;
using Xunit;
using static SegBatch.Onnx.TensorProto.Types;

namespace SegBatch.IntegrationTests.Detection;

/// <summary>
/// Semantic networks as PyTorch writes them when nobody names outputs or states shapes: they end by enlarging to the input's own size, which
/// leaves every axis open. Each is one convolution that has class 0 where there is more red than blue.
/// </summary>
[Collection("native memory")]
public sealed class PlainExportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-exports-").FullName;

    public PlainExportTests()
    {
        Directory.CreateDirectory(Pictures);
        PlainPicture.Write(Path.Combine(Pictures, "1.bmp"), red: 200, green: 100, blue: 40);
        PlainPicture.Write(Path.Combine(Pictures, "2.bmp"), red: 40, green: 100, blue: 200);
    }

    private string Pictures => Path.Combine(_folder, "pictures");

    private string Model => Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("out", "aux")]
    [InlineData("2158", "2181")] // torch.onnx.export without output_names
    [InlineData("output", null)]
    public async Task Channels_that_the_file_leaves_open_are_those_of_the_last_convolution(string first, string? second)
    {
        Write(filters: 3, last: null, first, second);
        var card = ModelLayouts.Read(Model);
        Assert.All(card.Outputs, output => Assert.Equal([-1, 3, -1, -1], output.Shape));
        await AssertRedIsFound(card, classes: 2);
    }

    [Theory]
    [InlineData("Sigmoid", "a probability above 0.5")]
    [InlineData(null, "a logit above 0")]
    public async Task One_channel_is_cut_at_the_middle_of_what_the_graph_ends_with(string? last, string reason)
    {
        Write(filters: 1, last, "1959", "1960"); // U²-Net: its side outputs are as large as the first
        var card = ModelLayouts.Read(Model);
        Assert.Contains(reason, ModelLayouts.Recognise(card).Reason, StringComparison.Ordinal);
        await AssertRedIsFound(card, classes: 1);
    }

    [Fact]
    public void One_channel_of_unknown_values_is_refused()
    {
        Write(filters: 1, "Tanh", "output", null);
        var error = Assert.Throws<HeadLayoutException>(() => ModelLayouts.Recognise(ModelLayouts.Read(Model)));
        Assert.Contains("export it so that its last operator is Sigmoid", error.Message, StringComparison.Ordinal);
    }

    private async Task AssertRedIsFound(ModelCard card, int classes)
    {
        var layout = ModelLayouts.Recognise(card);
        Assert.Equal(("semantic", classes), (layout.Name, layout.Classes));
        var found = await FamilyRun.Of(card, Pictures, TestContext.Current.CancellationToken);
        var item = Assert.Single(found[0]);
        Assert.Equal((0, 64L * 48), (item.ClassId, item.Mask.Area));
        Assert.Empty(found[1]);
    }

    /// <param name="filters">More than one: the first is background, the last is never the best.</param>
    /// <param name="last">Operator behind the convolution; null for none.</param>
    private void Write(int filters, string? last, params string?[] outputs)
    {
        var graph = new GraphBuilder("plain");
        var picture = graph.Input("input", DataType.Float, -1, 3, -1, -1);

        // 0.1 × (red − blue) of normalised values: 0.24 for the first picture, −0.31 for the second.
        float[] one = [0.1f, 0, -0.1f];
        float[] weights = filters == 1 ? one : [0, 0, 0, .. one, 0, 0, 0];
        float[] bias = filters == 1 ? [0] : [0, 0, -1];
        var sizes = graph.Add("Slice", [graph.Add("Shape", [picture]), graph.Integers(2), graph.Integers(4)]);
        foreach (var name in outputs.OfType<string>())
        {
            string[] parts = [picture, graph.Floats(weights, filters, 3, 1, 1), graph.Floats(bias, filters)];
            var map = graph.Add("Conv", parts, null, NodeAttribute.Of("strides", [4L, 4L]));
            map = last is null ? map : graph.Add(last, [map]);
            var kept = graph.Add("Slice", [graph.Add("Shape", [map]), graph.Integers(0), graph.Integers(2)]);
            var size = graph.Add("Concat", [kept, sizes], null, NodeAttribute.Of("axis", 0));
            graph.Add("Resize", [map, "", "", size], name, NodeAttribute.Of("mode", "linear"));
            graph.Output(name, DataType.Float, -1, -1, -1, -1);
        }

        File.WriteAllBytes(Model, graph.ToBytes());
    }
}
