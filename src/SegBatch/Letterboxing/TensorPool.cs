using SegBatch.Geometry;
using SegBatch.Native;

namespace SegBatch.Letterboxing;

/// <summary>
/// The network inputs of one video: native buffers of batch size × 3 × height × width floats, used over and over. It hands
/// out as many as are asked for (the frames inside them are what is bounded) and knows every one of them: whatever happens
/// to the batches that carry them, <see cref="Dispose"/> frees their memory.
/// </summary>
public sealed class TensorPool(int batchSize, FrameSize input) : IDisposable
{
    private readonly Stack<NativeBuffer<float>> _free = [];
    private readonly HashSet<NativeBuffer<float>> _outstanding = [];
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <summary>Pictures per tensor.</summary>
    public int BatchSize { get; } = batchSize;

    /// <summary>Width and height of the tensors in pixels.</summary>
    public FrameSize Input { get; } = input;

    /// <summary>Tensors taken and not yet given back.</summary>
    public int Outstanding
    {
        get
        {
            lock (_gate)
            {
                return _outstanding.Count;
            }
        }
    }

    /// <summary>An empty batch. It takes a tensor when it is first asked for one.</summary>
    public TensorBatch Rent() => new(this);

    /// <summary>A tensor of undefined content.</summary>
    internal NativeBuffer<float> Take()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_free.TryPop(out var tensor))
            {
                tensor = new NativeBuffer<float>(checked((int)(BatchSize * 3 * Input.Area)));
            }

            _outstanding.Add(tensor);
            return tensor;
        }
    }

    internal void Return(NativeBuffer<float> tensor)
    {
        lock (_gate)
        {
            if (_outstanding.Remove(tensor))
            {
                _free.Push(tensor);
            }
        }
    }

    /// <summary>Frees every tensor, also those still outstanding. Call it after every stage has ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var tensor in _free.Concat(_outstanding))
            {
                tensor.Dispose();
            }

            _free.Clear();
            _outstanding.Clear();
        }
    }
}
