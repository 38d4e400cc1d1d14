using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Letterboxing;

namespace SegBatch.Inference;

/// <summary>
/// What a network said about a batch, with the batch's frames. Owns the frames and the outputs' memory. Passing it on passes
/// ownership on.
/// </summary>
public sealed class RawPredictions : IDisposable
{
    private readonly TensorBatch _batch;
    private IDisposable? _memory;

    /// <param name="batch">Taken over; its tensor goes back to its pool at once.</param>
    /// <param name="outputs">In the order of the model's outputs; axis 0 is the batch, padding included.</param>
    /// <param name="memory">Disposed with the predictions: what the outputs' values lie in.</param>
    public RawPredictions(TensorBatch batch, IReadOnlyList<OutputTensor> outputs, IDisposable? memory)
    {
        batch.ReturnTensor();
        _batch = batch;
        _memory = memory;
        Outputs = outputs;
    }

    /// <summary>Frames of the batch; the outputs' axis 0 may be longer.</summary>
    public int Count => _batch.Count;

    /// <summary>Ends with this object: copy what outlives it.</summary>
    public IReadOnlyList<OutputTensor> Outputs { get; }

    /// <summary>How a frame lies in the network's input.</summary>
    public LetterboxTransform Letterbox(int index) => _batch.Letterbox(index);

    /// <summary>A frame that is still owned here.</summary>
    public VideoFrame Frame(int index) => _batch.Frame(index);

    /// <summary>Hands one frame over to the caller, who disposes it from now on.</summary>
    public VideoFrame TakeFrame(int index) => _batch.TakeFrame(index);

    /// <summary>Disposes the frames that were not taken and frees the outputs for the next run.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref _memory, null)?.Dispose();
        _batch.Dispose();
    }
}
