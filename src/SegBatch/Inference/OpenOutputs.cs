using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SegBatch.Inference;

/// <summary>
/// Outputs that cannot be bound beforehand, because their size depends on the picture or they are no floating point numbers. Those of
/// single precision are looked at where the runtime has put them, which may be many megabytes of masks; others are copied as single
/// precision, and whole numbers beyond 2^24 lose their last digits. Disposing frees the runtime's memory.
/// </summary>
internal sealed class OpenOutputs : IDisposable
{
    private readonly IDisposable _values;

    /// <param name="values">The outputs of a run; taken over.</param>
    /// <exception cref="NotSupportedException">An output is no tensor, or its elements are no numbers.</exception>
    public OpenOutputs(IDisposableReadOnlyCollection<OrtValue> values)
    {
        _values = values;
        try
        {
            Tensors = [.. values.Select(Tensor)];
        }
        catch
        {
            values.Dispose();
            throw;
        }
    }

    /// <summary>Valid until this is disposed.</summary>
    public IReadOnlyList<OutputTensor> Tensors { get; }

    public void Dispose() => _values.Dispose();

    private static OutputTensor Tensor(OrtValue value)
    {
        if (!value.IsTensor)
        {
            throw new NotSupportedException($"an output is a {value.OnnxType}, not a tensor");
        }

        var info = value.GetTensorTypeAndShape();
        var shape = Array.ConvertAll(info.Shape, size => checked((int)size));
        if (info.ElementCount == 0)
        {
            return new(default, shape); // nothing was found; there is no memory to look at
        }

        ReadOnlyMemory<float> values = info.ElementDataType switch
        {
            TensorElementType.Float => new Singles(value).Memory,
            TensorElementType.Float16 => Widen(value.GetTensorDataAsSpan<Float16>()),
            TensorElementType.Double => Convert(value.GetTensorDataAsSpan<double>()),
            TensorElementType.Int64 => Convert(value.GetTensorDataAsSpan<long>()),
            TensorElementType.Int32 => Convert(value.GetTensorDataAsSpan<int>()),
            TensorElementType.UInt8 => Convert(value.GetTensorDataAsSpan<byte>()),
            TensorElementType.Bool => Array.ConvertAll(value.GetTensorDataAsSpan<bool>().ToArray(), bit => bit ? 1f : 0f),
            var other => throw new NotSupportedException($"an output has elements of type {other}"),
        };
        return new(values, shape);
    }

    private static float[] Widen(ReadOnlySpan<Float16> halves)
    {
        var values = new float[halves.Length];
        HalfConversion.ToSingle(MemoryMarshal.Cast<Float16, ushort>(halves), values);
        return values;
    }

    private static float[] Convert<T>(ReadOnlySpan<T> numbers)
        where T : INumberBase<T>
    {
        var values = new float[numbers.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = float.CreateTruncating(numbers[i]);
        }

        return values;
    }

    /// <summary>A tensor of single precision as memory. It must not outlive the value, and cannot be pinned: nobody here hands it on.</summary>
    private sealed class Singles(OrtValue value) : MemoryManager<float>
    {
        public override Span<float> GetSpan() => value.GetTensorMutableDataAsSpan<float>();

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("outputs of a run are only read");

        public override void Unpin() { }

        protected override void Dispose(bool disposing) { }
    }
}
