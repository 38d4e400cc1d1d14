using Microsoft.ML.OnnxRuntime;
using SegBatch.Inference;
using SegBatch.IntegrationTests.Cli;
using SegBatch.Onnx;
using SegBatch.Quantization;
using Xunit;

namespace SegBatch.IntegrationTests.Quantization;

/// <summary>What ONNX Runtime makes of a quantised network: the point of the exercise.</summary>
public sealed class FusedGraphTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-fused-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_convolution_of_the_plan_runs_on_integers()
    {
        var graph = QuantizableModel.Read(ModelCard.Read(SegBatchProcess.DemoModel));
        var plan = QuantizationPlan.Of(graph, "images");
        var planned = plan.Nodes.Count(node => node.OpType == "Conv");
        var all = graph.Nodes.Count(node => node.OpType == "Conv");
        QdqGraph.Write(graph, plan, plan.Ranges(plan.Observed.ToDictionary(name => name, _ => QuantizedRange.Of(0, 4))));

        var path = Path.Combine(_folder, "optimised.onnx");
        using (
            var options = SessionSettings.Create(new ExecutionDevice(ExecutionProvider.Cpu, 0), new InferenceOptions(), isHalf: false, null)
        )
        {
            options.OptimizedModelFilePath = path;
            options.AddFreeDimensionOverrideByName("batch", 1);
            options.AddFreeDimensionOverrideByName("height", 320);
            options.AddFreeDimensionOverrideByName("width", 320);
            using var session = new InferenceSession(graph.ToBytes(), options);
        }

        var nodes = OnnxFile.Read(path).Graph.Node.CountBy(node => node.OpType).ToDictionary();
        Assert.Equal(42, all);
        Assert.True(planned > 25, $"only {planned} of {all} convolutions were planned");
        Assert.Equal(planned, nodes["QLinearConv"]);
        Assert.Equal(all - planned, nodes.GetValueOrDefault("Conv") + nodes.GetValueOrDefault("FusedConv"));
        Assert.False(nodes.ContainsKey("Relu"), "integers of the result do what a ReLU does");
        Assert.Equal(8, nodes["QLinearAdd"]);
    }
}
