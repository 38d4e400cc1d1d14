using Microsoft.ML.OnnxRuntime;
using SegBatch.Onnx;
using static SegBatch.Onnx.TensorProto.Types;

namespace SegBatch.Gpu;

/// <summary>
/// Copies values into memory of the device that keeps its address, as captured graphs want it: a network of one Identity, because
/// the runtime's C# interface has no copy of its own.
/// </summary>
internal sealed class DeviceCopy : IDisposable
{
    private readonly InferenceSession _session;

    public DeviceCopy(SessionOptions options)
    {
        var graph = new GraphBuilder("copy");
        graph.Add("Identity", [graph.Input("from", DataType.Float, -1)], "to");
        graph.Output("to", DataType.Float, -1);
        _session = new InferenceSession(graph.ToBytes(), options);
    }

    /// <summary>Copies [n] to [n], from anywhere to anywhere; done when it returns.</summary>
    public void Copy(OrtValue from, OrtValue to)
    {
        using var binding = _session.CreateIoBinding();
        using var run = new RunOptions();
        binding.BindInput("from", from);
        binding.BindOutput("to", to);
        _session.RunWithBinding(run, binding);
    }

    public void Dispose() => _session.Dispose();
}
