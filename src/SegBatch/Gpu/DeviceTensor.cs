using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SegBatch.Gpu;

/// <summary>A tensor in memory that this object owns: it never moves, so it is bound once and used for every run.</summary>
internal sealed class DeviceTensor : IDisposable
{
    private readonly OrtMemoryAllocation _memory;
    private readonly TensorElementType _type;
    private readonly long[] _shape;
    private readonly long _bytes;

    internal DeviceTensor(OrtAllocator allocator, TensorElementType type, ReadOnlySpan<long> shape)
    {
        (_type, _shape) = (type, shape.ToArray());
        _bytes = TensorBase.GetElementTypeInfo(type).TypeSize * ShapeUtils.GetSizeForShape(_shape);
        _memory = allocator.Allocate(checked((uint)_bytes));
        Value = OrtValue.CreateTensorValueWithData(_memory.Info, type, _shape, _memory.DangerousGetHandle(), _bytes);
    }

    public OrtValue Value { get; }

    /// <summary>The elements, where they lie on the host.</summary>
    public Span<T> Span<T>()
        where T : unmanaged => Value.GetTensorMutableDataAsSpan<T>();

    /// <summary>One entry of axis 0 as a value of its own, [1, …], over the same memory.</summary>
    /// <returns>Disposed by the caller, before this object.</returns>
    public OrtValue Slice(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)index, (ulong)_shape[0], nameof(index));
        var bytes = _bytes / _shape[0];
        long[] shape = [1, .. _shape[1..]];
        return OrtValue.CreateTensorValueWithData(_memory.Info, _type, shape, _memory.DangerousGetHandle() + (nint)(index * bytes), bytes);
    }

    /// <summary>As <see cref="Slice"/>, in one dimension.</summary>
    public OrtValue FlatSlice(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)index, (ulong)_shape[0], nameof(index));
        var bytes = _bytes / _shape[0];
        long[] shape = [ShapeUtils.GetSizeForShape(_shape) / _shape[0]];
        return OrtValue.CreateTensorValueWithData(_memory.Info, _type, shape, _memory.DangerousGetHandle() + (nint)(index * bytes), bytes);
    }

    /// <summary>The same memory, or the beginning of it, in another shape.</summary>
    /// <returns>Disposed by the caller, before this object.</returns>
    public OrtValue Reshaped(params ReadOnlySpan<long> shape) =>
        OrtValue.CreateTensorValueWithData(_memory.Info, _type, shape.ToArray(), _memory.DangerousGetHandle(), _bytes);

    public void Dispose()
    {
        Value.Dispose();
        _memory.Dispose();
    }
}
