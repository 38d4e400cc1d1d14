using System.Runtime.CompilerServices;
using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Letterboxing;

namespace SegBatch.Pipeline;

/// <summary>
/// Groups the frames of one video into batches of one input size and fills their tensors. A frame whose size asks for another
/// input starts a new batch, so that a change of size in the middle of a video costs one partly filled batch and nothing else.
/// </summary>
/// <param name="added">Told each frame with its slot when it joins a batch: may fill the slot on the network's device.</param>
internal sealed class FrameBatcher(ModelCard card, int batchSize, LetterboxOptions options, Action<TensorBatch, int>? added = null)
    : IDisposable
{
    private readonly Dictionary<FrameSize, TensorPool> _pools = [];
    private readonly Dictionary<LetterboxTransform, Letterboxer> _letterboxers = [];

    /// <summary>Tensors not given back.</summary>
    public int Outstanding => _pools.Values.Sum(pool => pool.Outstanding);

    /// <summary>Takes the frames over.</summary>
    public async IAsyncEnumerable<TensorBatch> Batch(
        IAsyncEnumerable<VideoFrame> frames,
        [EnumeratorCancellation] CancellationToken stopping
    )
    {
        TensorBatch? batch = null;
        try
        {
            await foreach (var frame in frames.WithCancellation(stopping))
            {
                var letterbox = card.Letterbox(frame.Size, options);
                if (batch is not null && batch.Input != letterbox.Input)
                {
                    yield return batch;
                    batch = null;
                }

                batch ??= PoolFor(letterbox.Input).Rent();
                var slot = batch.Add(frame, letterbox);
                added?.Invoke(batch, slot);
                if (batch.Count == batchSize)
                {
                    yield return batch;
                    batch = null;
                }
            }

            if (batch is not null)
            {
                yield return batch;
                batch = null;
            }
        }
        finally
        {
            batch?.Dispose();
        }
    }

    /// <summary>Letterboxes every frame of a batch into its tensor.</summary>
    public TensorBatch Fill(TensorBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.IsOnDevice(i))
            {
                continue;
            }

            var frame = batch.Frame(i);
            var letterboxer = LetterboxerFor(batch.Letterbox(i));
            if (frame.HasRgb)
            {
                letterboxer.Fill(frame.Rgb, batch.Slot(i).Span);
            }
            else
            {
                letterboxer.Fill(frame.Yuv, batch.Slot(i).Span);
            }
        }

        batch.ClearUnusedSlots();
        return batch;
    }

    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Dispose();
        }
    }

    private TensorPool PoolFor(FrameSize input)
    {
        if (!_pools.TryGetValue(input, out var pool))
        {
            _pools[input] = pool = new TensorPool(batchSize, input);
        }

        return pool;
    }

    private Letterboxer LetterboxerFor(LetterboxTransform transform)
    {
        if (!_letterboxers.TryGetValue(transform, out var letterboxer))
        {
            _letterboxers[transform] = letterboxer = new Letterboxer(transform, card.Convention, options.Reference);
        }

        return letterboxer;
    }
}
