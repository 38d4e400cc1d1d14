using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using SegBatch.Masks;

namespace SegBatch.Refining;

/// <summary>
/// The stage of one video that gives detections the masks of a promptable network: the encoder looks at the frame once, the decoder is
/// asked for each detection's box, and for what is prompted in every frame. Boxes, classes and scores of detections stay as they are.
/// Any number of frames at once, each on one thread.
/// </summary>
/// <param name="model">Shared by all videos.</param>
/// <param name="prompts">Objects to ask for in every frame; their score is the decoder's own estimate of the mask's IoU.</param>
public sealed class MaskRefiner(PromptModel model, IReadOnlyList<FixedPrompt> prompts) : IDisposable
{
    private readonly Dictionary<LetterboxTransform, Letterboxer> _letterboxers = [];
    private readonly Dictionary<FrameSize, TensorPool> _pools = [];
    private readonly Lock _gate = new();

    /// <summary>Frames that make sense at once.</summary>
    public int MaxConcurrency => model.Encoder.MaxConcurrency;

    /// <summary>One for each frame at once, shared by all videos.</summary>
    public SemaphoreSlim Slots => model.Encoder.Slots;

    /// <summary>Replaces the masks of a frame's detections and adds the prompted objects. The frame stays the caller's.</summary>
    /// <exception cref="ModelException">A run failed, or a prompt lies outside the frame.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while running.</exception>
    public DetectedFrame Refine(DetectedFrame frame, CancellationToken cancellationToken)
    {
        var items = frame.Detections.Items;
        if (items.Count + prompts.Count == 0)
        {
            return frame; // nothing to ask for: the encoder need not look
        }

        var letterbox = model.Letterbox(frame.Frame.Size);
        var (letterboxer, pool) = For(letterbox);
        using var batch = pool.Rent();
        Fill(letterboxer, frame.Frame, batch.Tensor.Span);
        var (embeddings, memory) = model.Encoder.Run(letterbox.Input, batch.Tensor, cancellationToken);
        using var held = memory;
        using var decoder = model.Decoder.Open(embeddings, batchIndex: 0, letterbox);
        for (var i = 0; i < items.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var found = decoder.TryDecode(Prompt.Around(items[i].Box), frame.Detections.Runs, out var mask, out _);
            items[i] = items[i] with { Mask = found ? mask : Nothing(frame) };
        }

        foreach (var prompt in prompts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            PromptedObjects.Append(decoder, prompt, frame.Frame.Size, frame.Detections);
        }

        return frame;
    }

    /// <summary>Call it after every frame has come back.</summary>
    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Dispose();
        }
    }

    private (Letterboxer Letterboxer, TensorPool Pool) For(in LetterboxTransform letterbox)
    {
        lock (_gate)
        {
            if (!_letterboxers.TryGetValue(letterbox, out var letterboxer))
            {
                letterboxer = _letterboxers[letterbox] = new Letterboxer(letterbox, model.Encoder.Card.Convention, reference: false);
            }

            if (!_pools.TryGetValue(letterbox.Input, out var pool))
            {
                pool = _pools[letterbox.Input] = new TensorPool(model.Encoder.BatchSize, letterbox.Input);
            }

            return (letterboxer, pool);
        }
    }

    private static void Fill(Letterboxer letterboxer, VideoFrame frame, Span<float> tensor)
    {
        var picture = tensor[..letterboxer.ValuesPerPicture];
        if (frame.HasRgb)
        {
            letterboxer.Fill(frame.Rgb, picture);
        }
        else
        {
            letterboxer.Fill(frame.Yuv, picture);
        }

        tensor[picture.Length..].Clear();
    }

    private static RleMask Nothing(DetectedFrame frame)
    {
        var size = frame.Frame.Size;
        frame.Detections.Runs.Add(checked((int)size.Area));
        return new RleMask(size, frame.Detections.Runs.Take());
    }
}
