using SegBatch.Letterboxing;

namespace SegBatch.Inference;

/// <summary>A network shared by all videos; every member may be called from many threads at once.</summary>
public interface ISegmentationModel
{
    ModelCard Card { get; }

    /// <summary>Pictures per run: the capacity that every <see cref="TensorBatch"/> must have.</summary>
    int BatchSize { get; }

    /// <summary>Runs that make sense at once: the number of <see cref="Slots"/>.</summary>
    int MaxConcurrency { get; }

    /// <summary>One for each run at once, shared by all videos. Hold one while inferring; waiting for it needs no thread.</summary>
    SemaphoreSlim Slots { get; }

    /// <summary>
    /// Runs the network on a whole batch, on the calling thread. Takes the batch over, whatever happens: its tensor goes back to its
    /// pool when the run has ended, its frames pass on to the predictions; on failure or cancellation everything is disposed.
    /// </summary>
    /// <exception cref="ModelException">The run failed; the message names model, shape and device.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while running.</exception>
    RawPredictions Infer(TensorBatch batch, CancellationToken cancellationToken);
}
