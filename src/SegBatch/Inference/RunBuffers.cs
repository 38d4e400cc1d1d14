using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using SegBatch.Native;

namespace SegBatch.Inference;

/// <summary>
/// What one run of a session needs: its options, its outputs, bound once and used for every run, and staging for float16 networks. Rented
/// from its session until the predictions made from it are disposed. Disposing gives it back; <see cref="Free"/> ends it.
/// </summary>
internal sealed class RunBuffers : IDisposable
{
    private readonly ShapeSession _session;
    private readonly List<IDisposable> _owned = [];
    private readonly List<(NativeBuffer<Float16> From, NativeBuffer<float> To)> _widened = [];
    private NativeBuffer<Float16>? _halfInput;

    /// <param name="session">Where they go back to.</param>
    /// <param name="outputs">Tensors of known shape to bind; none where the runtime must allocate.</param>
    public RunBuffers(ShapeSession session, IReadOnlyList<ModelTensor> outputs)
    {
        _session = session;
        Options = Own(new RunOptions());
        try
        {
            foreach (var tensor in outputs)
            {
                Add(tensor);
            }
        }
        catch
        {
            Free();
            throw;
        }
    }

    /// <summary>Ends the run when told to; for one run at a time, like the rest.</summary>
    public RunOptions Options { get; }

    /// <summary>What the native run writes into, in the order of <see cref="Outputs"/>.</summary>
    public List<OrtValue> Values { get; } = [];

    public List<OutputTensor> Outputs { get; } = [];

    private void Add(ModelTensor tensor)
    {
        var length = tensor.Shape.Aggregate(1, (product, size) => checked(product * size));
        var singles = Own(new NativeBuffer<float>(length));
        Outputs.Add(new(singles.Memory, tensor.Shape));
        if (tensor.ElementType == "float16")
        {
            var halves = Own(new NativeBuffer<Float16>(length));
            _widened.Add((halves, singles));
            Values.Add(Own(Wrap(halves.Memory, tensor.Shape)));
        }
        else
        {
            Values.Add(Own(Wrap(singles.Memory, tensor.Shape)));
        }
    }

    /// <summary>The input as the network wants it: the tensor itself, or a float16 copy.</summary>
    /// <returns>A value that the caller disposes, over memory that must outlive it.</returns>
    public OrtValue Input(Memory<float> tensor, int[] shape, bool isHalf)
    {
        if (!isHalf)
        {
            return Wrap(tensor, shape);
        }

        _halfInput ??= Own(new NativeBuffer<Float16>(tensor.Length));
        HalfConversion.ToHalf(tensor.Span, MemoryMarshal.Cast<Float16, ushort>(_halfInput.GetSpan()));
        return Wrap(_halfInput.Memory, shape);
    }

    /// <summary>After a run: brings float16 outputs to single precision.</summary>
    public void Widen()
    {
        foreach (var (from, to) in _widened)
        {
            HalfConversion.ToSingle(MemoryMarshal.Cast<Float16, ushort>(from.GetSpan()), to.GetSpan());
        }
    }

    public void Dispose() => _session.Return(this);

    /// <summary>Frees the memory. Only the session calls it.</summary>
    public void Free()
    {
        for (var i = _owned.Count - 1; i >= 0; i--)
        {
            _owned[i].Dispose(); // values before the memory they lie in
        }

        _owned.Clear();
    }

    private static OrtValue Wrap<T>(Memory<T> memory, int[] shape)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, Array.ConvertAll(shape, size => (long)size));

    private T Own<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }
}
