using Microsoft.ML.OnnxRuntime;
using SegBatch.Geometry;

namespace SegBatch.Inference;

/// <summary>What a session is prepared for: pictures per run and their size.</summary>
/// <param name="Batch">0 leaves the number open, where the file does.</param>
/// <param name="Size">Width and height of the pictures in pixels.</param>
internal readonly record struct InputShape(int Batch, FrameSize Size)
{
    /// <summary>[batch, 3, height, width].</summary>
    public int[] Dimensions => [Batch, 3, Size.Height, Size.Width];

    /// <summary>The shape of a network's input: <see cref="Dimensions"/>, or without the batch where the network has no axis for it.</summary>
    public int[] DimensionsOf(ModelCard card) => card.HasBatchAxis ? Dimensions : Dimensions[1..];

    /// <summary>Settings that a session of this model needs: the open axes of the picture input fixed to this shape, exact sums.</summary>
    public void Prepare(SessionOptions options, ModelCard card)
    {
        var input = card.Input;
        var dimensions = DimensionsOf(card);
        for (var axis = 0; axis < dimensions.Length; axis++)
        {
            if (input.Shape[axis] < 0 && input.AxisNames[axis].Length > 0 && Dimensions[axis] > 0)
            {
                options.AddFreeDimensionOverrideByName(input.AxisNames[axis], dimensions[axis]);
            }
        }

        if (card.File.HasWideIntegers)
        {
            options.AddSessionConfigEntry("session.x64quantprecision", "1"); // no effect on processors whose sums cannot overflow
        }
    }

    public override string ToString() => $"{(Batch > 0 ? Batch : "any")}x3x{Size.Height}x{Size.Width}";
}

/// <summary>
/// A session whose open axes are fixed to one input shape: every operator then knows its sizes, which is what layout changes,
/// kernel choice and bound outputs need. Several runs may use it at once.
/// </summary>
internal sealed class ShapeSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly ModelTensor _input;
    private readonly int[] _dimensions;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly bool _hasBoundOutputs;
    private readonly Stack<RunBuffers> _free = [];
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <param name="edited">The model to run in place of the card's file; not kept.</param>
    /// <exception cref="OnnxRuntimeException">The provider does not take the model in this shape.</exception>
    public ShapeSession(ModelCard card, InputShape shape, SessionOptions options, byte[]? edited = null)
    {
        _input = card.Input;
        _dimensions = shape.DimensionsOf(card);
        shape.Prepare(options, card);
        _session = edited is null ? new InferenceSession(card.File.Path, options) : new InferenceSession(edited, options);
        _inputNames = [_input.Name];
        _outputNames = [.. _session.OutputNames];
        Outputs = [.. _outputNames.Select(name => ModelCardReader.Tensor(name, _session.OutputMetadata[name]))];
        _hasBoundOutputs = Outputs.All(output =>
            output is { ElementType: "float32" or "float16", Shape: [_, ..] shape } && shape.All(size => size > 0)
        );
    }

    /// <summary>The outputs at this input shape; axes are still open where sizes depend on the picture.</summary>
    public IReadOnlyList<ModelTensor> Outputs { get; }

    /// <summary>Runs on the calling thread, on whole pictures [batch, 3, height, width] of the session's shape. The memory behind the outputs lasts until the second value is disposed.</summary>
    /// <exception cref="OnnxRuntimeException">The run failed, or was ended by the token.</exception>
    public (IReadOnlyList<OutputTensor> Outputs, IDisposable? Memory) Run(Memory<float> tensor, CancellationToken cancellationToken)
    {
        var buffers = Rent();
        try
        {
            var runOptions = buffers.Options;
            runOptions.Terminate = false; // a run before may have been ended
            using var registration = cancellationToken.UnsafeRegister(static run => ((RunOptions)run!).Terminate = true, runOptions);
            using var input = buffers.Input(tensor, Dimensions(tensor.Length), _input.ElementType == "float16");
            if (!_hasBoundOutputs)
            {
                var values = new OpenOutputs(_session.Run(runOptions, _inputNames, [input], _outputNames));
                buffers.Dispose();
                return (values.Tensors, values);
            }

            _session.Run(runOptions, _inputNames, [input], _outputNames, buffers.Values);
            buffers.Widen();
            return (buffers.Outputs, buffers);
        }
        catch
        {
            buffers.Dispose();
            throw;
        }
    }

    private int[] Dimensions(int values) =>
        _dimensions[0] > 0 ? _dimensions : [values / (3 * _dimensions[2] * _dimensions[3]), .. _dimensions.AsSpan(1)];

    internal void Return(RunBuffers buffers)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _free.Push(buffers);
                return;
            }
        }

        buffers.Free();
    }

    /// <summary>Ends the session. No run may be in progress; buffers still rented are freed when they come back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_free.TryPop(out var buffers))
            {
                buffers.Free();
            }
        }

        _session.Dispose();
    }

    private RunBuffers Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var buffers))
            {
                return buffers;
            }
        }

        return new RunBuffers(this, _hasBoundOutputs ? Outputs : []);
    }
}
