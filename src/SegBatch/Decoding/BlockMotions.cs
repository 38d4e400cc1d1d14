using System.Buffers;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>Where the codec took the blocks of one frame from: the frame before. Frame pixels, upright; in a borrowed array.</summary>
internal sealed class BlockMotions : IDisposable
{
    private readonly int _count;
    private MotionVector[]? _items;

    /// <param name="items">Taken over; goes back to the shared pool.</param>
    /// <param name="count">How many of them count.</param>
    public BlockMotions(MotionVector[] items, int count) => (_items, _count) = (items, count);

    public Span<MotionVector> Items => (_items ?? throw new ObjectDisposedException(nameof(BlockMotions))).AsSpan(0, _count);

    /// <summary>
    /// What a decoder says of its current frame. Vectors do not say how many frames they span; only of a whole P-frame that directly follows an I- or
    /// P-frame in presentation order is it known that most of them span one.
    /// </summary>
    /// <param name="decoder">Still has the frame.</param>
    /// <param name="before">The frame presented before.</param>
    /// <returns>Null where there are no vectors to go by.</returns>
    public static BlockMotions? Of(VideoDecoder decoder, in DecodedFrame frame, in DecodedFrame before)
    {
        if (
            frame is not { Prediction: Prediction.FromThePast, IsInterlaced: false, Corrupt: false }
            || before.Prediction == Prediction.FromBoth
            || (before.Width, before.Height) != (frame.Width, frame.Height)
            || decoder.MotionVectorCount is not (> 0 and var count)
        )
        {
            return null;
        }

        var items = ArrayPool<MotionVector>.Shared.Rent(count);
        count = decoder.CopyMotionVectors(items);
        if (frame.Orientation != default)
        {
            foreach (ref var item in items.AsSpan(0, count))
            {
                var (x, y) = Upright(item.X, item.Y, frame);
                var (fromX, fromY) = Upright(item.FromX, item.FromY, frame);
                item = new MotionVector(x, y, fromX, fromY);
            }
        }

        return new BlockMotions(items, count);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _items, null) is { } items)
        {
            ArrayPool<MotionVector>.Shared.Return(items);
        }
    }

    private static (float X, float Y) Upright(float x, float y, in DecodedFrame frame)
    {
        var orientation = frame.Orientation;
        var (width, height) = (frame.Width, frame.Height);
        if (orientation.Transposed)
        {
            (x, y, width, height) = (y, x, height, width);
        }

        return (orientation.FlippedX ? width - x : x, orientation.FlippedY ? height - y : y);
    }
}
