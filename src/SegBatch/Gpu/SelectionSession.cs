using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Onnx;
using static SegBatch.Onnx.TensorProto.Types;

namespace SegBatch.Gpu;

/// <summary>
/// The network with its candidates chosen on the device, for one input shape, and a second small graph for the mask logits. Both
/// share the device's memory: coefficients and prototypes never leave it. Several runs may use it at once, each with its own buffers.
/// </summary>
internal sealed class SelectionSession : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly Stack<SelectionRun> _free = [];
    private readonly Lock _gate = new();
    private bool _disposed;
    private bool _warm;

    /// <exception cref="OnnxRuntimeException">The device does not take the graphs.</exception>
    /// <exception cref="ModelException">The model leaves sizes open that the input does not fix.</exception>
    public SelectionSession(OnnxSegmentationModel model, PrototypeLayout layout, InputShape shape, GpuOptions options)
    {
        Shape = shape;
        Layout = layout;
        var outputs = ShapeProbe.Outputs(model.Card, shape);
        var anchors = outputs[layout.Predictions].Shape[layout.Transposed ? 1 : 2];
        if (anchors < 1 || outputs[layout.Prototypes].Shape is not [_, _, > 0 and var height, > 0 and var width])
        {
            throw new ModelException(ModelException.Refused, "the sizes of the outputs do not follow from the size of the input");
        }

        Prototypes = new FrameSize(width, height);
        Best = Math.Min(options.Candidates, anchors);
        try
        {
            var file = OnnxFile.Read(model.Card.File.Path);
            (PrototypesName, var type) = SelectionGraph.Append(file, layout, shape.Batch, Best);
            IsHalf = type == DataType.Float16;
            using var settings = model.SettingsFor(shape, $"select-{Best}");
            shape.Prepare(settings, model.Card);
            InputName = file.Graph.Input[0].Name;
            Network = Own(Load(file.ToByteArray(), settings, model.Device));
            using var small = model.SettingsFor(shape, "small");
            Logits = Own(new InferenceSession(LogitGraph.Create(layout.Coefficients, type), small));
            Copy = Own(new DeviceCopy(small));
            Memory = Own(new DeviceMemory(Network, model.Device));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public InputShape Shape { get; }

    public PrototypeLayout Layout { get; }

    /// <summary>Size of the prototype maps.</summary>
    public FrameSize Prototypes { get; }

    /// <summary>Rows per picture.</summary>
    public int Best { get; }

    public string InputName { get; } = "";

    public string PrototypesName { get; } = "";

    /// <summary>The prototypes are float16.</summary>
    public bool IsHalf { get; }

    public InferenceSession Network { get; } = null!;

    public InferenceSession Logits { get; } = null!;

    public DeviceCopy Copy { get; } = null!;

    public DeviceMemory Memory { get; } = null!;

    /// <summary>Why operators of the network run on the CPU although a GPU was asked for; null where none does.</summary>
    public string? Misplaced { get; private set; }

    /// <summary>Buffers for one run; dispose them to give them back.</summary>
    public SelectionRun Rent()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_free.TryPop(out var run))
            {
                return run;
            }
        }

        return new SelectionRun(this);
    }

    /// <summary>Runs once on undefined pictures, the first time it is asked to.</summary>
    public void WarmUp()
    {
        if (Interlocked.Exchange(ref _warm, true))
        {
            return;
        }

        using var run = Rent();
        run.WarmUp();
    }

    internal void Return(SelectionRun run)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _free.Push(run);
                return;
            }
        }

        run.Free();
    }

    /// <summary>No run may be in progress.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_free.TryPop(out var run))
            {
                run.Free();
            }
        }

        for (var i = _owned.Count - 1; i >= 0; i--)
        {
            _owned[i].Dispose();
        }
    }

    /// <summary>On a GPU first with the CPU forbidden: operators that fell back there would cost a copy each way, unseen.</summary>
    private InferenceSession Load(byte[] model, SessionOptions settings, ExecutionDevice device)
    {
        const string NoFallback = "session.disable_cpu_ep_fallback";
        if (!device.IsGpu)
        {
            return new InferenceSession(model, settings);
        }

        try
        {
            settings.AddSessionConfigEntry(NoFallback, "1");
            return new InferenceSession(model, settings);
        }
        catch (OnnxRuntimeException error) when (error.Message.Contains("fallback", StringComparison.Ordinal))
        {
            Misplaced = $"{device}: operators run on the CPU: {OnnxRuntimeLog.Reason(error)}";
            settings.AddSessionConfigEntry(NoFallback, "0");
            return new InferenceSession(model, settings);
        }
    }

    private T Own<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }
}
