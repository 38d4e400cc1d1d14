using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Jobs;
using SegBatch.Letterboxing;
using SegBatch.Native;
using SegBatch.Pipeline;

namespace SegBatch.Benchmarking;

/// <summary>The first frames of a video as inputs of a network, ready in memory. Owns them.</summary>
internal sealed class PreparedPictures : IDisposable
{
    private const int MostFrames = 8;
    private readonly List<NativeBuffer<float>> _tensors = [];

    private PreparedPictures(FrameSize input, int batchSize) => (Input, BatchSize) = (input, batchSize);

    /// <summary>Width and height of every picture in pixels.</summary>
    public FrameSize Input { get; }

    public int BatchSize { get; }

    /// <summary>[batch, 3, height, width], planar R, G, B in 0..1. Numbers beyond the last start again.</summary>
    public NativeBuffer<float> this[int number] => _tensors[number % _tensors.Count];

    /// <summary>Reads and letterboxes them.</summary>
    /// <exception cref="DecodingException">The video cannot be read or has no frames.</exception>
    public static async Task<PreparedPictures> OpenAsync(
        ModelCard card,
        FoundSource source,
        LetterboxOptions letterbox,
        int batchSize,
        CancellationToken cancellationToken
    )
    {
        var most = Math.Max(MostFrames, batchSize);
        using var reader = FrameReader.Open(source.Path, source.Options.Decoding);
        using var frames = new FramePool(2 * most);
        using var batcher = new FrameBatcher(card, batchSize, letterbox);
        PreparedPictures? pictures = null;
        await foreach (var batch in batcher.Batch(reader.ReadAsync(frames, cancellationToken), cancellationToken))
        {
            using (batch)
            {
                pictures ??= new PreparedPictures(batch.Input, batchSize);
                if (batch.Input == pictures.Input)
                {
                    batcher.Fill(batch);
                    var tensor = new NativeBuffer<float>(batch.Tensor.Length);
                    batch.Tensor.Span.CopyTo(tensor.GetSpan());
                    pictures._tensors.Add(tensor);
                }

                if (pictures._tensors.Count * batchSize >= most)
                {
                    break;
                }
            }
        }

        return pictures ?? throw new DecodingException("EMPTY", $"{source.Path} has no frames to measure with.");
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors)
        {
            tensor.Dispose();
        }
    }
}
