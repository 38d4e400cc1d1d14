using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SegBatch.Detection;
using SegBatch.Letterboxing;

namespace SegBatch.Gpu;

/// <summary>
/// Buffers of one run of a <see cref="SelectionSession"/>, bound once: pictures, coefficients and prototypes on the device, what goes
/// to it and comes back in host memory that it reaches directly. Two of them let one run compute while the other's results are read.
/// </summary>
internal sealed class SelectionRun : IDisposable
{
    private const int CellStep = 4096;

    private readonly SelectionSession _session;
    private readonly List<IDisposable> _owned = [];
    private readonly ObjectSelection _selection = new();
    private readonly OrtIoBinding _network;
    private readonly OrtIoBinding _masks;
    private readonly OrtValue _flatPictures;
    private readonly DeviceTensor _wantedOnDevice;
    private readonly DeviceTensor _wanted;
    private readonly DeviceTensor _rows;
    private CellBuffers? _cells;
    private bool _hasWanted;

    public SelectionRun(SelectionSession session)
    {
        _session = session;
        var (shape, layout, memory) = (session.Shape, session.Layout, session.Memory);
        var pictures = 3 * shape.Size.Area * shape.Batch;
        try
        {
            Pictures = Own(memory.OnDevice(TensorElementType.Float, shape.Batch, 3, shape.Size.Height, shape.Size.Width));
            _flatPictures = Own(Pictures.Reshaped(pictures));
            _wanted = Own(memory.OnHost(TensorElementType.Float, layout.Classes!.Value));
            _wantedOnDevice = Own(memory.OnDevice(TensorElementType.Float, layout.Classes.Value));
            _rows = Own(memory.OnHost(TensorElementType.Float, shape.Batch, session.Best, SelectionGraph.RowValues));
            var coefficients = Own(memory.OnDevice(TensorElementType.Float, shape.Batch * session.Best, layout.Coefficients));
            var prototypes = Own(
                memory.OnDevice(
                    session.IsHalf ? TensorElementType.Float16 : TensorElementType.Float,
                    shape.Batch,
                    layout.Coefficients,
                    session.Prototypes.Height,
                    session.Prototypes.Width
                )
            );
            _network = Own(session.Network.CreateIoBinding());
            _network.BindInput(session.InputName, Pictures.Value);
            _network.BindInput(SelectionGraph.Wanted, _wantedOnDevice.Value);
            _network.BindOutput(SelectionGraph.Rows, _rows.Value);
            _network.BindOutput(SelectionGraph.Coefficients, coefficients.Value);
            _network.BindOutput(session.PrototypesName, prototypes.Value);
            _masks = Own(session.Logits.CreateIoBinding());
            _masks.BindInput(LogitGraph.Coefficients, coefficients.Value);
            _masks.BindInput(LogitGraph.Prototypes, prototypes.Value);
        }
        catch
        {
            Free();
            throw;
        }
    }

    /// <summary>The network's input [B, 3, height, width] on the device, for whoever fills it there.</summary>
    public DeviceTensor Pictures { get; }

    /// <summary>What the last run brought back from the device.</summary>
    public long BytesToHost { get; private set; }

    /// <summary>Brings the pictures that the host letterboxed; those that are on the device already stay.</summary>
    public void Upload(TensorBatch batch)
    {
        if (!Enumerable.Range(0, batch.Count).Any(batch.IsOnDevice))
        {
            batch.ClearUnusedSlots();
            Upload(batch.Tensor, _flatPictures);
            return;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            if (!batch.IsOnDevice(i))
            {
                using var slot = Pictures.FlatSlice(i);
                Upload(batch.Slot(i), slot);
            }
        }
    }

    /// <summary>Runs the network on <see cref="Pictures"/>, then the masks of the objects it shows.</summary>
    /// <param name="batch">Says how many pictures count, and how they lie in the input.</param>
    /// <param name="wanted">Per class: may it be chosen. Null: all.</param>
    /// <param name="full">Pictures with more candidates than rows.</param>
    /// <exception cref="OnnxRuntimeException">The run failed, or was ended by the options.</exception>
    public SelectedOutputs Run(
        RunOptions runOptions,
        TensorBatch batch,
        bool[]? wanted,
        DetectionOptions options,
        PrototypeMasks masks,
        out int full
    )
    {
        Want(wanted);
        _session.Network.RunWithBinding(runOptions, _network);
        _selection.Clear();
        var rows = _rows.Span<float>();
        var perPicture = _session.Best * SelectionGraph.RowValues;
        for (var i = 0; i < batch.Count; i++)
        {
            var picture = rows.Slice(i * perPicture, perPicture);
            _selection.Add(i, picture, batch.Letterbox(i), options, masks, _session.Prototypes);
        }

        full = _selection.FullPictures;
        BytesToHost = rows.Length * sizeof(float);
        return new SelectedOutputs(_selection.Items, LogitsOf(runOptions), _session.Prototypes);
    }

    /// <summary>One run on grey pictures: what is chosen, built or captured at a first run is ready afterwards.</summary>
    public void WarmUp()
    {
        using var runOptions = new RunOptions();
        var grey = new float[3 * _session.Shape.Size.Area * _session.Shape.Batch];
        Array.Fill(grey, 0.5f);
        Upload(grey, _flatPictures);
        Want(null);
        _session.Network.RunWithBinding(runOptions, _network);
    }

    public void Dispose() => _session.Return(this);

    /// <summary>Frees the memory. Only the session calls it.</summary>
    public void Free()
    {
        _cells?.Dispose();
        for (var i = _owned.Count - 1; i >= 0; i--)
        {
            _owned[i].Dispose();
        }

        _owned.Clear();
    }

    private ReadOnlySpan<float> LogitsOf(RunOptions runOptions)
    {
        var count = _selection.Cells.Length;
        if (count == 0)
        {
            return [];
        }

        // Steps, so that the device's memory pool sees few sizes; what lies behind the last cell is computed and not looked at.
        var length = (count + CellStep - 1) / CellStep * CellStep;
        if (_cells is null || _cells.Length < length)
        {
            _cells?.Dispose();
            _cells = null;
            _cells = new CellBuffers(_session.Memory, length);
        }

        var objects = _cells.Objects.Span<int>()[..length];
        var cells = _cells.Cells.Span<int>()[..length];
        _selection.Objects.CopyTo(objects);
        _selection.Cells.CopyTo(cells);
        objects[count..].Clear();
        cells[count..].Clear();
        using var objectsValue = _cells.Objects.Reshaped(length);
        using var cellsValue = _cells.Cells.Reshaped(length);
        using var logitsValue = _cells.Logits.Reshaped(length);
        _masks.BindInput(LogitGraph.Objects, objectsValue); // binding is what copies host values to the device
        _masks.BindInput(LogitGraph.Cells, cellsValue);
        _masks.BindOutput(LogitGraph.Logits, logitsValue);
        _session.Logits.RunWithBinding(runOptions, _masks);
        BytesToHost += length * sizeof(float);
        return _cells.Logits.Span<float>()[..count];
    }

    private void Upload(Memory<float> pictures, OrtValue to)
    {
        using var from = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pictures, [pictures.Length]);
        _session.Copy.Copy(from, to);
    }

    private void Want(bool[]? wanted)
    {
        var flags = _wanted.Span<float>();
        var changed = !_hasWanted;
        for (var i = 0; i < flags.Length; i++)
        {
            var flag = wanted is null || wanted[i] ? 1f : 0f;
            changed |= flags[i] != flag;
            flags[i] = flag;
        }

        if (changed)
        {
            _session.Copy.Copy(_wanted.Value, _wantedOnDevice.Value);
            _hasWanted = true;
        }
    }

    private T Own<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }

    private sealed class CellBuffers(DeviceMemory memory, int length) : IDisposable
    {
        public int Length { get; } = length;

        public DeviceTensor Objects { get; } = memory.OnHost(TensorElementType.Int32, length);

        public DeviceTensor Cells { get; } = memory.OnHost(TensorElementType.Int32, length);

        public DeviceTensor Logits { get; } = memory.OnHost(TensorElementType.Float, length);

        public void Dispose()
        {
            Objects.Dispose();
            Cells.Dispose();
            Logits.Dispose();
        }
    }
}
