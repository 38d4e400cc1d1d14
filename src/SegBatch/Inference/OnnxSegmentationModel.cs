using Microsoft.ML.OnnxRuntime;
using SegBatch.Geometry;
using SegBatch.Letterboxing;

namespace SegBatch.Inference;

/// <summary>
/// An ONNX model on one device, shared by all videos. Keeps one session per input shape; bounds its concurrent runs by
/// slots that callers wait for without a thread.
/// </summary>
public sealed class OnnxSegmentationModel : ISegmentationModel, IDisposable
{
    private const int MaxSessions = 8;
    private const int GpuBatch = 8;
    private const int GpuConcurrency = 2; // one computes while the other one's pictures and results are copied
    private readonly InferenceOptions _options;
    private readonly ExecutionProviders _providers;
    private readonly SessionCache<InputShape, ShapeSession> _sessions;

    /// <summary>The trimmed network until the first session is made of it.</summary>
    private byte[]? _trimmedOnce;

    private OnnxSegmentationModel(ModelCard card, ExecutionProviders providers, InferenceOptions options)
    {
        Card = card;
        _providers = providers;
        _options = options;
        var device = providers.Taken;
        if (options.TrimHead)
        {
            string? reason = "the head is not trimmed: only the CPU gains by it";
            Trimmed = device.IsGpu ? null : HeadTrimmer.Trim(card, out _trimmedOnce, out reason);
            NotTrimmed = reason;
        }

        BatchSize = card.FixedBatch ?? options.Batch ?? (device.IsGpu ? GpuBatch : 1);
        MaxConcurrency = options.Concurrency ?? (device.IsGpu ? GpuConcurrency : Environment.ProcessorCount);
        Slots = new SemaphoreSlim(MaxConcurrency);
        _sessions = new(MaxSessions, Create);
    }

    public ModelCard Card { get; }

    /// <summary>What the outputs are where the head was trimmed; null: they are those of the file, <see cref="ModelCard.Outputs"/>.</summary>
    public TrimmedHead? Trimmed { get; }

    /// <summary>Why the head was not trimmed though the options ask for it, in one line; else null.</summary>
    public string? NotTrimmed { get; }

    public int BatchSize { get; }

    public int MaxConcurrency { get; }

    public SemaphoreSlim Slots { get; }

    /// <summary>The device in use. A device that proves unable at the first run is given up for the next one under auto.</summary>
    public ExecutionDevice Device => _providers.Taken;

    /// <summary>The devices that were tried and are not used, and why.</summary>
    public IReadOnlyList<ProviderRefusal> Refusals => _providers.Refusals;

    /// <summary>Reads the model, chooses the device. Sessions are made when the first batch of a size arrives.</summary>
    /// <exception cref="ModelException">
    /// The file is unusable or takes no pictures, the options do not fit it, or the device that was named does not run.
    /// </exception>
    public static OnnxSegmentationModel Open(string path, ModelOverrides? overrides = null, InferenceOptions? options = null) =>
        Open(ModelCard.Read(path, overrides), options ?? new());

    /// <summary>Chooses the device for a model that was read already, with the convention of its input.</summary>
    /// <exception cref="ModelException">
    /// It takes no pictures, the options do not fit it, or the device that was named does not run.
    /// </exception>
    public static OnnxSegmentationModel Open(ModelCard card, InferenceOptions options)
    {
        if (options.Batch is { } batch && (batch < 1 || card.FixedBatch is { } fixedBatch && batch != fixedBatch))
        {
            throw new ModelException(
                ModelException.Options,
                card.FixedBatch is not null
                    ? $"Model {card.File.Path} has a fixed batch of {card.FixedBatch}; batch {batch} cannot be fed. Use batch: auto, or export with dynamic=True."
                    : $"Batch {batch} is not possible. Use a number from 1, or auto."
            );
        }

        if (options.Precision is not ("auto" or "fp32" or "fp16"))
        {
            throw new ModelException(ModelException.Options, $"Precision '{options.Precision}' is not known. Use auto, fp32 or fp16.");
        }

        _ = card.Input; // refuses what takes no pictures
        return new OnnxSegmentationModel(card, ExecutionProviders.Choose(options.Device), options);
    }

    /// <summary>The outputs for an input size, by preparing a session for it.</summary>
    /// <exception cref="ModelException">The device does not take the model in this shape.</exception>
    public IReadOnlyList<ModelTensor> OutputsFor(FrameSize input)
    {
        using var lease = _sessions.Acquire(new InputShape(BatchSize, input));
        return lease.Session.Outputs;
    }

    public RawPredictions Infer(TensorBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return Run(batch, cancellationToken);
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a slot, then as <see cref="Infer"/>.</summary>
    public async Task<RawPredictions> InferAsync(TensorBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            await Slots.WaitAsync(cancellationToken);
        }
        catch
        {
            batch.Dispose();
            throw;
        }

        try
        {
            return Infer(batch, cancellationToken);
        }
        finally
        {
            Slots.Release();
        }
    }

    /// <summary>Runs the network on a whole batch of pictures and drops what it says: what a run costs when nothing else does.</summary>
    /// <param name="pictures">[BatchSize, 3, height, width].</param>
    internal void RunOnly(FrameSize input, Memory<float> pictures, CancellationToken cancellationToken)
    {
        var (_, memory) = Run(input, pictures, cancellationToken);
        memory?.Dispose();
    }

    /// <summary>Runs the network on a whole batch of pictures that belong to no frames.</summary>
    /// <param name="pictures">[BatchSize, 3, height, width].</param>
    /// <returns>The outputs; disposing the second value ends their memory.</returns>
    /// <exception cref="ModelException">The run failed; the message names model, shape and device.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while running.</exception>
    internal (IReadOnlyList<OutputTensor> Outputs, IDisposable? Memory) Run(
        FrameSize input,
        Memory<float> pictures,
        CancellationToken cancellationToken
    )
    {
        var shape = new InputShape(BatchSize, input);
        try
        {
            using var lease = _sessions.Acquire(shape);
            return lease.Session.Run(pictures, cancellationToken);
        }
        catch (Exception e) when (e is OnnxRuntimeException or NotSupportedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw RunFailed(shape, e);
        }
    }

    /// <summary>Call it after every run and every prediction has ended.</summary>
    public void Dispose()
    {
        _sessions.Dispose();
        Slots.Dispose();
    }

    private RawPredictions Run(TensorBatch batch, CancellationToken cancellationToken)
    {
        var shape = new InputShape(batch.Capacity, batch.Input);
        batch.ClearUnusedSlots();
        try
        {
            using var lease = _sessions.Acquire(shape);
            var (outputs, memory) = lease.Session.Run(batch.Tensor, cancellationToken);
            return new RawPredictions(batch, outputs, memory);
        }
        catch (Exception e) when (e is OnnxRuntimeException or NotSupportedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw RunFailed(shape, e);
        }
    }

    private ModelException RunFailed(InputShape shape, Exception error) =>
        new(
            ModelException.Run,
            $"Model {Card.File.Path} failed on input {shape} on {Device}: {OnnxRuntimeLog.Reason(error, lines: 4)}.",
            error
        );

    /// <summary>Settings for a session of this model, or of an edited copy of it, on the device in use.</summary>
    /// <returns>Disposed by the caller.</returns>
    internal SessionOptions SettingsFor(InputShape shape, string edition)
    {
        var cache = EngineCache(Device, shape) is { } folder ? Path.Combine(folder, edition) : null;
        return SessionSettings.Create(Device, _options, IsHalf, cache);
    }

    private ShapeSession Create(InputShape shape)
    {
        while (true)
        {
            var device = _providers.Taken;
            try
            {
                using var settings = SessionSettings.Create(device, _options, IsHalf, EngineCache(device, shape));
                return Trimmed is null ? new ShapeSession(Card, shape, settings) : CreateTrimmed(Trimmed, shape, settings);
            }
            catch (OnnxRuntimeException e)
            {
                var reason = OnnxRuntimeLog.Reason(e);
                if (!_providers.StepDown(device, $"does not take the model at {shape}: {reason}"))
                {
                    throw new ModelException(
                        ModelException.Refused,
                        $"Model {Card.File.Path} cannot be prepared for input {shape} on {device}: {reason}. Try another imgsz, batch or device.",
                        e
                    );
                }
            }
        }
    }

    private ShapeSession CreateTrimmed(TrimmedHead head, InputShape shape, SessionOptions settings)
    {
        try
        {
            return new ShapeSession(Card, shape, settings, Interlocked.Exchange(ref _trimmedOnce, null) ?? HeadTrimmer.Bytes(Card, head));
        }
        finally
        {
            // All weights passed through managed memory, several times; what runs from here on allocates too little to ever give it back.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private bool IsHalf => Card.File.HasHalfWeights || Card.Input.ElementType == "float16";

    /// <summary>One folder per model, shape and precision: TensorRT's own cache keys do not tell shapes apart.</summary>
    private string? EngineCache(ExecutionDevice device, InputShape shape)
    {
        if (device.Provider != ExecutionProvider.TensorRt)
        {
            return null;
        }

        var root =
            _options.EngineCacheFolder
            ?? Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                "segbatch",
                "engines"
            );
        return Path.Combine(root, Card.File.Sha256[..16], $"{shape}-{(_options.Precision == "fp16" ? "fp16" : "fp32")}");
    }
}
