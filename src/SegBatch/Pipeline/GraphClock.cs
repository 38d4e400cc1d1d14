using System.Diagnostics;
using SegBatch.Native;

namespace SegBatch.Pipeline;

/// <summary>
/// Accounts for the time of every worker of a graph. At each beginning and end of work, what all stages were doing since the last
/// one is added up, so that the shares of a stage are whole; between two of them, messages are taken to move on as soon as there is
/// room. Costs less than a microsecond for a message and stage, and allocates nothing.
/// </summary>
internal sealed class GraphClock
{
    private readonly List<StageClock> _stages = []; // in the order of the graph
    private readonly Lock _gate = new();
    private long _last;

    public StageClock Add(string name, int workers, int capacity)
    {
        var stage = new StageClock(name, workers, capacity);
        _stages.Add(stage);
        return stage;
    }

    /// <summary>The graph starts: nothing before counts.</summary>
    public void Start() => _last = Stopwatch.GetTimestamp();

    /// <summary>The calling thread begins to work on a message.</summary>
    /// <returns>For <see cref="End"/>.</returns>
    public WorkBegin Begin(StageClock stage)
    {
        int weight;
        lock (_gate)
        {
            Spend();
            weight = stage.Begin();
        }

        return new WorkBegin(weight, weight > 0 ? ThreadTime.Ticks : 0, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>The calling thread, the one that began, has ended its work on a message.</summary>
    /// <param name="stage">Where.</param>
    /// <param name="begin">
    /// What <see cref="Begin"/> returned; null where the work has moved to another thread: what it cost is not counted.
    /// </param>
    /// <param name="made">Messages it made for the next stage.</param>
    public void End(StageClock stage, WorkBegin? begin, int made)
    {
        var cpu = begin is { CpuWeight: > 0 and var weight } at ? (ThreadTime.Ticks - at.Cpu) * weight : 0;
        var allocated = begin is { } before ? GC.GetAllocatedBytesForCurrentThread() - before.Allocated : 0;
        lock (_gate)
        {
            Spend();
            stage.Ended++;
            stage.Made += made;
            stage.Cpu += cpu;
            stage.Allocated += allocated;
        }
    }

    /// <summary>A worker begins (1) or ends (-1) to wait for what is shared.</summary>
    public void Queue(StageClock stage, int workers)
    {
        lock (_gate)
        {
            Spend();
            stage.Queueing += workers;
        }
    }

    public IReadOnlyList<StageReport> Report()
    {
        lock (_gate)
        {
            return [.. _stages.Select((stage, i) => stage.Report(i == 0 ? stage.Made : stage.Ended))];
        }
    }

    private void Spend()
    {
        var now = Stopwatch.GetTimestamp();
        var elapsed = now - _last;
        _last = now;
        // From the end to the start: what a stage may take depends on what the next one has taken from it.
        var takenByNext = _stages[^1].Made;
        for (var i = _stages.Count - 1; i >= 0; i--)
        {
            takenByNext = _stages[i].Spend(elapsed, i == 0 ? _stages[0].Begun : _stages[i - 1].Made, takenByNext);
        }
    }

    /// <summary>The calling thread's own figures when it began to work.</summary>
    /// <param name="CpuWeight">How many messages its processor time stands for; 0: it is not read.</param>
    /// <param name="Cpu">Ticks of 100 ns.</param>
    /// <param name="Allocated">Managed bytes.</param>
    public readonly record struct WorkBegin(int CpuWeight, long Cpu, long Allocated);
}
