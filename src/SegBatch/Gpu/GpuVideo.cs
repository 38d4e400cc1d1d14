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
    private readonly bool _keepPictures;
    private long _fullPictures;

    internal GpuVideo(GpuModel shared, IDetectionHead head, DetectionOptions options, bool[]? wanted, bool keepPictures)
    {
        (_shared, _head, _options, _wanted, _keepPictures) = (shared, head, options, wanted, keepPictures);
        _masks = new PrototypeMasks(options.Masks);
    }

    public ModelCard Card => _shared.Model.Card;

    public int BatchSize => _shared.Model.BatchSize;

    public int MaxConcurrency => _shared.Model.MaxConcurrency;

    public SemaphoreSlim Slots => _shared.Model.Slots;

    /// <summary>
    /// Frames with more candidates than are brought back from the device. Their best objects are right; objects that score less than
    /// the last candidate may be missing.
    /// </summary>
    public long FullPictures => Interlocked.Read(ref _fullPictures);

    /// <summary>
    /// Letterboxes a frame that its decoder left on the device into its slot there, and gives the surface back. Where that cannot be, the
    /// frame is fetched, and the host letterboxes it. Frames that are on the host already are left alone.
    /// </summary>
    public void TakeSurface(TensorBatch batch, int slot)
    {
        var frame = batch.Frame(slot);
        if (frame.Surface is not { } surface)
        {
            return;
        }

        if (surface.IsOnDevice == _shared.Model.Device.IsGpu && DeviceOf(batch) is { } device)
        {
            using var letterbox = _shared.Letterbox(SurfaceGeometry.Of(surface, batch.Letterbox(slot), frame.Color));
            using var target = device.Run.Pictures.Slice(slot);
            letterbox.Session.Fill(surface, device.Session.Memory.Info, target);
            batch.MarkOnDevice(slot);
        }

        if (_keepPictures || !batch.IsOnDevice(slot))
        {
            frame.Fetch();
            _shared.Traffic.AddFetched();
        }

        frame.ReleaseSurface();
    }

    /// <inheritdoc/>
    public RawPredictions Infer(TensorBatch batch, CancellationToken cancellationToken)
    {
        DeviceBatch? device;
        try
        {
            device = DeviceOf(batch);
            if (device is not null)
            {
                return Run(device, batch, cancellationToken);
            }
        }
        catch
        {
            batch.Dispose();
            throw;
        }

        return _shared.Model.Infer(batch, cancellationToken);
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
                detections.Items.Add(new DetectedObject(item.Box, ScoreRange.Checked(item.Score), item.ClassId, mask));
            }
        }
    }

    /// <summary>The buffers of a batch, rented with its first picture; null where the plain model has to do.</summary>
    private DeviceBatch? DeviceOf(TensorBatch batch)
    {
        if (batch.Device is null && _shared.TryAcquire(new InputShape(batch.Capacity, batch.Input), out var lease))
        {
            batch.Device = DeviceBatch.Of(lease); // given back with the batch's tensor
        }

        return batch.Device as DeviceBatch;
    }

    private RawPredictions Run(DeviceBatch device, TensorBatch batch, CancellationToken cancellationToken)
    {
        using var runOptions = new RunOptions();
        using var registration = cancellationToken.UnsafeRegister(static run => ((RunOptions)run!).Terminate = true, runOptions);
        try
        {
            device.Run.Upload(batch);
            var outputs = device.Run.Run(runOptions, batch, _wanted, _options, _masks, out var full);
            Interlocked.Add(ref _fullPictures, full);
            var uploaded = Enumerable.Range(0, batch.Count).Count(slot => !batch.IsOnDevice(slot));
            _shared.Traffic.AddRun(batch.Count, uploaded, device.Run.BytesToHost);
            return new RawPredictions(batch, outputs, outputs);
        }
        catch (OnnxRuntimeException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ModelException(
                ModelException.Run,
                $"Model {Card.File.Path} failed on input {device.Session.Shape} on {_shared.Model.Device}: {OnnxRuntimeLog.Reason(e, lines: 4)}.",
                e
            );
        }
    }
}
