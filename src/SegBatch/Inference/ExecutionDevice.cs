using System.Globalization;

namespace SegBatch.Inference;

public enum ExecutionProvider
{
    TensorRt,
    Cuda,
    Cpu,
}

/// <summary>A provider of ONNX Runtime on one device of the machine. "cpu", "cuda:0", "tensorrt:1".</summary>
public readonly record struct ExecutionDevice(ExecutionProvider Provider, int Index)
{
    public bool IsGpu => Provider != ExecutionProvider.Cpu;

    public override string ToString() => IsGpu ? $"{Provider.ToString().ToLowerInvariant()}:{Index}" : "cpu";

    /// <summary>The devices to try for a setting, best first: three for auto, else the one that was named.</summary>
    /// <exception cref="ModelException">No such setting.</exception>
    public static IReadOnlyList<ExecutionDevice> Ladder(string setting)
    {
        var (name, number) = setting.ToLowerInvariant().Split(':', 2) is [var before, var behind]
            ? (before, behind)
            : (setting.ToLowerInvariant(), null);
        var index = 0;
        if (number is not null && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out index))
        {
            name = "";
        }

        return (name, number is null) switch
        {
            ("auto", true) => [new(ExecutionProvider.TensorRt, 0), new(ExecutionProvider.Cuda, 0), new(ExecutionProvider.Cpu, 0)],
            ("cpu", true) => [new(ExecutionProvider.Cpu, 0)],
            ("cuda", _) => [new(ExecutionProvider.Cuda, index)],
            ("tensorrt", _) => [new(ExecutionProvider.TensorRt, index)],
            _ => throw new ModelException(
                ModelException.Options,
                $"Device '{setting}' is not known. Use auto, cpu, cuda, cuda:N, tensorrt or tensorrt:N."
            ),
        };
    }
}

/// <summary>A device that was tried and is not used, and why, in one line.</summary>
public sealed record ProviderRefusal(ExecutionDevice Device, string Reason)
{
    public override string ToString() => $"{Device}: {Reason}";
}
