using Microsoft.ML.OnnxRuntime;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Letterboxing;

namespace SegBatch.Gpu;

/// <summary>
/// Model and head of one video: they belong together, because objects are chosen between two runs on the device. Thresholds and
/// classes are the video's own; sessions are the <see cref="GpuModel"/>'s.
/// </summary>
public sealed class GpuVideo : ISegmentationModel, IDetectionHead
{
    private readonly GpuModel _shared;
    private readonly IDetectionHead _head;
    private readonly DetectionOptions _options;
    private readonly PrototypeMasks _masks;
    private readonly bool[]? _wanted;
    private long _fullPictures;

    internal GpuVideo(GpuModel shared, IDetectionHead head, DetectionOptions options, bool[]? wanted)
    {
        (_shared, _head, _options, _wanted) = (shared, head, options, wanted);
        _masks = new PrototypeMasks(options.Masks);
    }

    public ModelCard Card => _shared.Model.Card;

    public int BatchSize => _shared.Model.BatchSize;

    public int MaxConcurrency => _shared.Model.MaxConcurrency;

    /// <summary>
    /// Frames with more candidates than are brought back from the device. Their best objects are right; objects that score less than
    /// the last candidate may be missing.
    /// </summary>
    public long FullPictures => Interlocked.Read(ref _fullPictures);

    /// <inheritdoc/>
    public async Task<RawPredictions> InferAsync(TensorBatch batch, CancellationToken cancellationToken)
    {
        var shape = new InputShape(batch.Capacity, batch.Input);
        if (!_shared.TryAcquire(shape, out var lease))
        {
            return await _shared.Model.InferAsync(batch, cancellationToken);
        }

        try
        {
            using (lease)
            {
                await _shared.WaitAsync(cancellationToken);
                try
                {
                    return Run(lease.Session, batch, cancellationToken);
                }
                finally
                {
                    _shared.Release();
                }
            }
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Decode(IReadOnlyList<OutputTensor> outputs, int batchIndex, in LetterboxTransform letterbox, DetectionList detections)
    {
        if (outputs is not SelectedOutputs selected)
        {
            _head.Decode(outputs, batchIndex, letterbox, detections);
            return;
        }

        detections.Clear();
        foreach (var item in selected.Of(batchIndex))
        {
            if (_masks.TryAppend(selected.LogitsOf(item), selected.Prototypes, letterbox, item.Box, detections.Runs, out var mask))
            {
                detections.Items.Add(new DetectedObject(item.Box, item.Score, item.ClassId, mask));
            }
        }
    }

    private RawPredictions Run(SelectionSession session, TensorBatch batch, CancellationToken cancellationToken)
    {
        using var runOptions = new RunOptions();
        using var registration = cancellationToken.UnsafeRegister(static run => ((RunOptions)run!).Terminate = true, runOptions);
        using var run = session.Rent();
        try
        {
            batch.ClearUnusedSlots();
            run.Upload(batch.Tensor);
            var outputs = run.Run(runOptions, batch, _wanted, _options, _masks, out var full);
            Interlocked.Add(ref _fullPictures, full);
            return new RawPredictions(batch, outputs, outputs);
        }
        catch (OnnxRuntimeException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ModelException(
                ModelException.Run,
                $"Model {Card.File.Path} failed on input {session.Shape} on {_shared.Model.Device}: {OnnxRuntimeLog.Reason(e, lines: 4)}.",
                e
            );
        }
    }
}
