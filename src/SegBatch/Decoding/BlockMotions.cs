using System.Buffers;

namespace SegBatch.Decoding;

/// <summary>Where the codec took a block from: the frame before. Frame pixels, upright; both are the middle of the block.</summary>
internal readonly record struct BlockMotion(float X, float Y, float FromX, float FromY);

/// <summary>The block motions of one frame, in a borrowed array.</summary>
/// <param name="count">Room to fill.</param>
internal sealed class BlockMotions(int count) : IDisposable
{
    private BlockMotion[]? _items = ArrayPool<BlockMotion>.Shared.Rent(count);

    public Span<BlockMotion> Items => (_items ?? throw new ObjectDisposedException(nameof(BlockMotions))).AsSpan(0, count);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _items, null) is { } items)
        {
            ArrayPool<BlockMotion>.Shared.Return(items);
        }
    }
}
