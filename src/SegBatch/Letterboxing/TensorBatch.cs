using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Native;

namespace SegBatch.Letterboxing;

/// <summary>
/// Frames with the network input made from them: planar R,G,B floats in 0..1, one slot of 3 × height × width per frame. Owns
/// its frames and, from the first look at the tensor until <see cref="ReturnTensor"/>, a tensor of its pool: batches that wait to be filled
/// hold none. Passing it on passes ownership on.
/// </summary>
public sealed class TensorBatch : IDisposable
{
    private readonly TensorPool _pool;
    private readonly VideoFrame?[] _frames;
    private readonly LetterboxTransform[] _transforms;
    private readonly bool[] _onDevice;
    private NativeBuffer<float>? _tensor;
    private bool _isReturned;
    private IDisposable? _device;

    internal TensorBatch(TensorPool pool)
    {
        _pool = pool;
        _frames = new VideoFrame?[pool.BatchSize];
        _transforms = new LetterboxTransform[pool.BatchSize];
        _onDevice = new bool[pool.BatchSize];
    }

    /// <summary>Frames added, at most <see cref="Capacity"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Slots of the tensor: the network always runs on all of them.</summary>
    public int Capacity => _pool.BatchSize;

    /// <summary>Width and height of the tensor in pixels.</summary>
    public FrameSize Input => _pool.Input;

    /// <summary>The whole tensor [Capacity, 3, height, width]; what was never written is undefined.</summary>
    /// <exception cref="ObjectDisposedException">It went back to its pool.</exception>
    public Memory<float> Tensor => Buffer.Memory;

    private NativeBuffer<float> Buffer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isReturned, this);
            return _tensor ??= _pool.Take();
        }
    }

    /// <summary>Takes a frame over; its picture belongs into <see cref="Slot"/> of the returned index.</summary>
    /// <exception cref="ArgumentException">The transform's input size is not the tensor's.</exception>
    /// <exception cref="InvalidOperationException">The batch is full. In both cases the frame stays with the caller.</exception>
    public int Add(VideoFrame frame, in LetterboxTransform letterbox)
    {
        if (letterbox.Input != Input)
        {
            throw new ArgumentException(
                $"Frame {frame.Index} is letterboxed to {letterbox.Input}, but the tensor is {Input}.",
                nameof(letterbox)
            );
        }

        if (Count == Capacity)
        {
            throw new InvalidOperationException($"The batch already holds {Capacity} frames.");
        }

        _frames[Count] = frame;
        _transforms[Count] = letterbox;
        return Count++;
    }

    /// <summary>The floats of one picture [3, height, width].</summary>
    public Memory<float> Slot(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Capacity, nameof(index));
        var length = (int)(3 * Input.Area);
        return Buffer.Memory.Slice(index * length, length);
    }

    /// <summary>Buffers on the network's device that hold the pictures of some slots instead of the tensor; given back with it.</summary>
    internal IDisposable? Device
    {
        get => _device;
        set => _device = value;
    }

    /// <summary>The slot's picture lies in <see cref="Device"/>, not in the tensor.</summary>
    internal bool IsOnDevice(int index) => _onDevice[index];

    internal void MarkOnDevice(int index) => _onDevice[index] = true;

    /// <summary>A frame the batch still owns.</summary>
    public VideoFrame Frame(int index) =>
        _frames[index] ?? throw new InvalidOperationException($"Frame {index} of the batch is not there or was taken over.");

    public LetterboxTransform Letterbox(int index) => _transforms[index];

    /// <summary>Zeroes the slots behind <see cref="Count"/>, so that a last, partly filled batch computes on defined values.</summary>
    public void ClearUnusedSlots()
    {
        if (Count < Capacity)
        {
            Buffer.GetSpan()[(int)(Count * 3 * Input.Area)..].Clear();
        }
    }

    /// <summary>Hands one frame over to the caller, who disposes it from now on.</summary>
    public VideoFrame TakeFrame(int index)
    {
        var frame = Frame(index);
        _frames[index] = null;
        return frame;
    }

    /// <summary>Gives the tensor back to its pool; the frames stay.</summary>
    public void ReturnTensor()
    {
        _isReturned = true;
        Interlocked.Exchange(ref _device, null)?.Dispose();
        if (Interlocked.Exchange(ref _tensor, null) is { } tensor)
        {
            _pool.Return(tensor);
        }
    }

    /// <summary>Disposes the frames that were not taken over and gives the tensor back.</summary>
    public void Dispose()
    {
        ReturnTensor();
        for (var i = 0; i < _frames.Length; i++)
        {
            Interlocked.Exchange(ref _frames[i], null)?.Dispose();
        }
    }
}
