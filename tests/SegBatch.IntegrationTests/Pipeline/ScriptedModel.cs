using SegBatch.Inference;
using SegBatch.Letterboxing;

namespace SegBatch.IntegrationTests.Pipeline;

/// <summary>A model that says what the test wants: nothing found, slowly, or a failure at a chosen run.</summary>
internal sealed class ScriptedModel(ModelCard card, int batchSize, Func<int, Exception?>? failure = null) : ISegmentationModel
{
    public ModelCard Card => card;

    public int BatchSize => batchSize;

    public int MaxConcurrency => 2;

    public SemaphoreSlim Slots { get; } = new(2);

    public RawPredictions Infer(TensorBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            var run = (int)(batch.Frame(0).Index / batchSize) + 1; // not by arrival: two runs at once may overtake each other
            cancellationToken.WaitHandle.WaitOne(run % 3);
            cancellationToken.ThrowIfCancellationRequested();
            if (failure?.Invoke(run) is { } error)
            {
                throw error;
            }

            var outputs = card.Outputs.Select(output => Empty(output.Shape, batch)).ToList();
            return new RawPredictions(batch, outputs, memory: null);
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    /// <summary>All scores and logits zero, in the shape the input asks for: anchors of stride 8, 16 and 32, prototypes of stride 4.</summary>
    private static OutputTensor Empty(int[] shape, TensorBatch batch)
    {
        var (width, height) = (batch.Input.Width, batch.Input.Height);
        var anchors = width * height / 64 + width * height / 256 + width * height / 1024;
        int[] full = shape.Length == 4 ? [batch.Capacity, shape[1], height / 4, width / 4] : [batch.Capacity, shape[1], anchors];
        return new OutputTensor(new float[full.Aggregate((a, b) => a * b)], full);
    }
}
