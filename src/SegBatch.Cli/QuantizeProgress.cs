using SegBatch.Quantization;

namespace SegBatch.Cli;

/// <summary>One line on a terminal while a model is quantised; nothing elsewhere.</summary>
internal sealed class QuantizeProgress : IProgress<QuantizationStep>, IDisposable
{
    private readonly Lock _gate = new();
    private bool _isDone = Console.IsErrorRedirected;

    public void Report(QuantizationStep value)
    {
        lock (_gate)
        {
            if (!_isDone)
            {
                Console.Error.Write(
                    $"\r\u001b[K{(value.Name == "calibrate" ? "Watching the values" : "Comparing")}: {100 * value.Share:F0} %"
                );
            }
        }
    }

    /// <summary>Ends the line; what is reported later is not shown.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Console.Error.Write(_isDone ? "" : "\r\u001b[K");
            _isDone = true;
        }
    }

    public void Dispose() => Clear();
}
