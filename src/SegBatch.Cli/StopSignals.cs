using System.Runtime.InteropServices;
using SegBatch.Jobs;

namespace SegBatch.Cli;

/// <summary>Ctrl-C and SIGTERM: the first lets the host stop in order, the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly IProgress<JobEvent> _progress;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _stop = new();
    private int _count;

    public StopSignals(IProgress<JobEvent> progress)
    {
        _progress = progress;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true; // the process does not end by itself
        if (Interlocked.Increment(ref _count) > 1)
        {
            Environment.Exit((int)ExitCode.Stopped);
        }

        _progress.Report(new JobEvent.Note("stopping; a second signal stops at once"));
        _stop.Cancel();
    }
}
