using SegBatch.Letterboxing;

namespace SegBatch.Inference;

/// <summary>A network shared by all videos; every member may be called from many threads at once.</summary>
public interface ISegmentationModel
{
    ModelCard Card { get; }

    /// <summary>Pictures per run: the capacity that every <see cref="TensorBatch"/> must have.</summary>
    int BatchSize { get; }

    /// <summary>Runs that make sense at once; more calls wait their turn without holding a thread.</summary>
    int MaxConcurrency { get; }

    /// <summary>
    /// Runs the network on a whole batch. Takes the batch over, whatever happens: its tensor goes back to its pool when the run
    /// has ended, its frames pass on to the predictions; on failure or cancellation everything is disposed.
    /// </summary>
    /// <exception cref="ModelException">The run failed; the message names model, shape and device.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting or running.</exception>
    Task<RawPredictions> InferAsync(TensorBatch batch, CancellationToken cancellationToken);
}
