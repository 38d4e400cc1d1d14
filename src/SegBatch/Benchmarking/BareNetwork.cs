using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using SegBatch.Inference;

namespace SegBatch.Benchmarking;

/// <summary>
/// Nothing but ONNX Runtime: the model file as it is, the session's default options (all cores), one run after the other on
/// pictures that are ready. The yardstick for everything that does more.
/// </summary>
internal sealed class BareNetwork : IDisposable
{
    private readonly PreparedPictures _pictures;
    private readonly InferenceSession _session;
    private readonly long[] _shape;
    private readonly Float16[]? _halves;

    /// <param name="card">The model.</param>
    /// <param name="device">Where it runs; a GPU's provider gets its default options too.</param>
    /// <param name="pictures">Stay the caller's.</param>
    /// <exception cref="OnnxRuntimeException">The runtime does not take the model.</exception>
    public BareNetwork(ModelCard card, ExecutionDevice device, PreparedPictures pictures)
    {
        _pictures = pictures;
        _shape = Array.ConvertAll(new InputShape(pictures.BatchSize, pictures.Input).DimensionsOf(card), side => (long)side);
        _halves = card.Input.ElementType == "float16" ? new Float16[pictures[0].Length] : null;
        using var options = new SessionOptions();
        if (device.Provider == ExecutionProvider.TensorRt)
        {
            options.AppendExecutionProvider_Tensorrt(device.Index);
        }

        if (device.IsGpu)
        {
            options.AppendExecutionProvider_CUDA(device.Index);
        }

        _session = new InferenceSession(card.File.Path, options);
    }

    /// <returns>Pictures, which are runs times the size of a batch.</returns>
    public long Run(int runs, CancellationToken cancellationToken)
    {
        using var options = new RunOptions();
        for (var i = 0; i < runs; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var input = Input(i);
            using var outputs = _session.Run(options, _session.InputNames, [input], _session.OutputNames);
        }

        return (long)runs * _pictures.BatchSize;
    }

    public void Dispose() => _session.Dispose();

    private OrtValue Input(int number)
    {
        if (_halves is null)
        {
            return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _pictures[number].Memory, _shape);
        }

        HalfConversion.ToHalf(_pictures[number].GetSpan(), MemoryMarshal.Cast<Float16, ushort>(_halves.AsSpan()));
        return OrtValue.CreateTensorValueFromMemory(_halves, _shape);
    }
}
