namespace SegBatch.Decoding;

/// <summary>
/// Bounds the frames of one video that exist at once, and knows every one of them: whatever happens to the messages that
/// carry them, <see cref="Dispose"/> frees their memory.
/// </summary>
public sealed class FramePool(int capacity) : IDisposable
{
    private readonly SemaphoreSlim _free = new(capacity);
    private readonly HashSet<VideoFrame> _outstanding = [];
    private readonly Lock _gate = new();

    /// <summary>Frames rented and not yet disposed.</summary>
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

    /// <summary>Waits until a frame may exist.</summary>
    public async ValueTask<VideoFrame> RentAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        var frame = new VideoFrame(this);
        lock (_gate)
        {
            _outstanding.Add(frame);
        }

        return frame;
    }

    /// <summary>
    /// Waits until so many frames may exist that as many rents in a row do not wait. For the one caller who rents: others would take
    /// the room away.
    /// </summary>
    /// <param name="frames">At most the pool's capacity.</param>
    public Task WaitForRoomAsync(int frames, CancellationToken cancellationToken) =>
        _free.CurrentCount >= frames ? Task.CompletedTask : TakeAndGiveBack(frames, cancellationToken);

    private async Task TakeAndGiveBack(int frames, CancellationToken cancellationToken)
    {
        var taken = 0;
        try
        {
            for (; taken < frames; taken++)
            {
                await _free.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            if (taken > 0)
            {
                _free.Release(taken);
            }
        }
    }

    internal void Return(VideoFrame frame)
    {
        lock (_gate)
        {
            if (!_outstanding.Remove(frame))
            {
                return; // disposing twice is allowed, as everywhere in .NET
            }
        }

        Free(frame);
        _free.Release();
    }

    /// <summary>Frees what is still outstanding. Call it after every stage has ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var frame in _outstanding)
            {
                Free(frame);
            }

            _outstanding.Clear();
        }

        _free.Dispose();
    }

    private static void Free(VideoFrame frame)
    {
        frame.YuvSamples?.Dispose();
        frame.RgbSamples?.Dispose();
        frame.Surface?.Dispose();
        frame.ReleaseBlocks();
        frame.YuvSamples = frame.RgbSamples = null;
        frame.Surface = null;
    }
}
