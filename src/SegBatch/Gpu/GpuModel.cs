using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Onnx;

namespace SegBatch.Gpu;

/// <summary>
/// A network whose candidates are chosen and whose mask logits are computed on its device, shared by all videos. It stands beside
/// the plain model, which takes over for input shapes that it cannot be prepared for.
/// </summary>
public sealed class GpuModel : IDisposable
{
    private const int MaxSessions = 8;
    private const int MaxLetterboxes = 16;
    private const int OldestOpset = 11; // GatherElements; Slice and TopK with sizes as inputs
    private readonly PrototypeLayout _layout;
    private readonly GpuOptions _options;
    private readonly SessionCache<InputShape, SelectionSession> _sessions;
    private readonly SessionCache<SurfaceGeometry, SurfaceLetterbox> _letterboxes;
    private readonly ConcurrentDictionary<InputShape, string> _refused = new();
    private readonly ConcurrentDictionary<InputShape, string> _misplaced = new();

    private GpuModel(OnnxSegmentationModel model, PrototypeLayout layout, GpuOptions options)
    {
        (Model, _layout, _options) = (model, layout, options);
        _sessions = new(MaxSessions, shape => new SelectionSession(Model, _layout, shape, _options));
        _letterboxes = new(MaxLetterboxes, CreateLetterbox);
    }

    /// <summary>The plain model, on the same device.</summary>
    public OnnxSegmentationModel Model { get; }

    public GpuTraffic Traffic { get; } = new();

    /// <summary>Input shapes for which the plain model works instead, and why; operators that run on the CPU although a GPU was asked for.</summary>
    public IReadOnlyCollection<string> Notes => [.. _refused.Concat(_misplaced).Select(pair => $"{pair.Key}: {pair.Value}")];

    /// <summary>
    /// Null where the plain model is the way: on the CPU (unless the options say otherwise), for networks whose rows are final, and for
    /// files that cannot be edited, and for inputs that are not fed as YOLO's are.
    /// </summary>
    public static GpuModel? TryCreate(OnnxSegmentationModel model, HeadLayout layout, GpuOptions options)
    {
        if (
            !(model.Device.IsGpu || options.OnCpu)
            || layout is not PrototypeLayout { Kind: HeadKind.AnchorFree, Classes: not null } prototypes
            || !model.Card.Convention.IsPlain
        )
        {
            return null;
        }

        var file = OnnxFile.Read(model.Card.File.Path);
        return OnnxFile.HasExternalData(file) || SelectionGraph.Opset(file) < OldestOpset ? null : new GpuModel(model, prototypes, options);
    }

    /// <summary>The model and head of one video.</summary>
    /// <param name="head">The host's head, for shapes that the device's does not take.</param>
    /// <param name="options">What <paramref name="head"/> was made with.</param>
    /// <param name="keepPictures">Frames are needed on the host too, to be drawn in.</param>
    public GpuVideo For(IDetectionHead head, DetectionOptions options, bool keepPictures = false) =>
        new(this, head, options, Wanted(options), keepPictures);

    /// <summary>
    /// Prepares an input size and runs it once on a grey picture, so that kernels are chosen and engines built before a decoder holds
    /// its surfaces. Does nothing for a size that is ready.
    /// </summary>
    public void WarmUp(FrameSize input)
    {
        if (TryAcquire(new InputShape(Model.BatchSize, input), out var lease))
        {
            using (lease)
            {
                lease.Session.WarmUp();
            }
        }
    }

    /// <summary>The session for a shape; false where the plain model has to do.</summary>
    internal bool TryAcquire(InputShape shape, out SessionCache<InputShape, SelectionSession>.Lease lease)
    {
        lease = default;
        if (_refused.ContainsKey(shape))
        {
            return false;
        }

        try
        {
            lease = _sessions.Acquire(shape);
            if (lease.Session.Misplaced is { } why)
            {
                _misplaced[shape] = why;
            }

            return true;
        }
        catch (Exception error) when (error is OnnxRuntimeException or ModelException)
        {
            _refused[shape] = $"objects are not chosen on {Model.Device}: {OnnxRuntimeLog.Reason(error)}";
            return false;
        }
    }

    internal SessionCache<SurfaceGeometry, SurfaceLetterbox>.Lease Letterbox(SurfaceGeometry geometry) => _letterboxes.Acquire(geometry);

    /// <summary>Call it after every run has ended and before the plain model is disposed.</summary>
    public void Dispose()
    {
        _letterboxes.Dispose();
        _sessions.Dispose();
    }

    private SurfaceLetterbox CreateLetterbox(SurfaceGeometry geometry)
    {
        using var settings = Model.SettingsFor(new InputShape(1, geometry.Letterbox.Input), "letterbox");
        return new SurfaceLetterbox(geometry, settings);
    }

    private bool[]? Wanted(DetectionOptions options)
    {
        if (options.Classes is not { } classes)
        {
            return null;
        }

        var wanted = new bool[_layout.Classes!.Value];
        foreach (var id in classes)
        {
            wanted[id] = true;
        }

        return wanted;
    }
}
