using Microsoft.ML.OnnxRuntime;

namespace SegBatch.Inference;

/// <summary>
/// The ladder TensorRT → CUDA → CPU: takes the first device that really runs a network, and remembers why each one above it
/// does not.
/// </summary>
public sealed class ExecutionProviders
{
    private readonly IReadOnlyList<ExecutionDevice> _ladder;
    private readonly List<ProviderRefusal> _refusals = [];
    private readonly Lock _gate = new();
    private int _rung;

    /// <summary>y = Identity(x), one float: enough to make a provider load its libraries and open its device.</summary>
    private static readonly byte[] s_identity = Convert.FromHexString(
        "08084202100D3A370A100A017812017922084964656E746974791201675A0F0A0178120A0A08080112040A020801620F0A0179120A0A08080112040A020801"
    );

    internal ExecutionProviders(IReadOnlyList<ExecutionDevice> ladder) => _ladder = ladder;

    /// <summary>The device in use.</summary>
    public ExecutionDevice Taken
    {
        get
        {
            lock (_gate)
            {
                return _ladder[_rung];
            }
        }
    }

    /// <summary>The devices above <see cref="Taken"/>, in the order tried.</summary>
    public IReadOnlyList<ProviderRefusal> Refusals
    {
        get
        {
            lock (_gate)
            {
                return [.. _refusals];
            }
        }
    }

    /// <summary>Tries the devices of a setting ("auto", "cuda:1", …) until one runs.</summary>
    /// <exception cref="ModelException">The setting is unknown, or the device it names does not run.</exception>
    public static ExecutionProviders Choose(string device)
    {
        var providers = new ExecutionProviders(ExecutionDevice.Ladder(device));
        while (Probe(providers.Taken) is { } reason)
        {
            if (!providers.StepDown(providers.Taken, reason))
            {
                throw Unavailable(providers.Taken, reason);
            }
        }

        return providers;
    }

    /// <summary>Null if the device runs a network on this machine, else why not, in one line.</summary>
    public static string? Probe(ExecutionDevice device)
    {
        OnnxRuntimeLog.Start();
        try
        {
            using var options = SessionSettings.Create(device, new InferenceOptions(), isHalf: false, engineCache: null);
            using var session = new InferenceSession(s_identity, options);
            using var input = OrtValue.CreateTensorValueFromMemory(new float[1], [1]);
            using var runOptions = new RunOptions();
            using var outputs = session.Run(runOptions, ["x"], [input], ["y"]);
            return null;
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
        {
            return OnnxRuntimeLog.Reason(e);
        }
    }

    /// <summary>Gives a device up for the next one; false if it was the last. A device already given up counts as done.</summary>
    internal bool StepDown(ExecutionDevice failed, string reason)
    {
        lock (_gate)
        {
            if (_ladder[_rung] != failed)
            {
                return true;
            }

            if (_rung == _ladder.Count - 1)
            {
                return false;
            }

            _refusals.Add(new(failed, reason));
            _rung++;
            return true;
        }
    }

    private static ModelException Unavailable(ExecutionDevice device, string reason) =>
        new(
            ModelException.Device,
            $"Device {device} was asked for and cannot be used: {reason}. "
                + (device.IsGpu ? "Install what is missing ('segbatch doctor' lists it), or use device: auto." : "Reinstall ONNX Runtime.")
        );
}
