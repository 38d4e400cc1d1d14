namespace SegBatch.Pipeline;

/// <summary>
/// What one stage of a graph did, and what its workers waited for: <see cref="Busy"/>, <see cref="Queueing"/>, <see cref="Blocked"/>
/// and <see cref="Starved"/> add up to the workers' number times the graph's time. The stage that is busy all the time sets the pace; those
/// before it are blocked, those behind it starve.
/// </summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Workers">Messages it may work on at once.</param>
/// <param name="Items">Messages it worked on.</param>
/// <param name="Busy">Time spent inside its work, summed over its workers.</param>
/// <param name="Cpu">
/// Processor time of that work on the stage's own threads. Threads that libraries keep for themselves (codecs, DuckDB) are not in it.
/// </param>
/// <param name="Queueing">Time its workers waited for what all videos share, or for room for one more frame.</param>
/// <param name="Blocked">Time its workers could not go on because what they had finished was not taken by the next stage.</param>
/// <param name="Starved">Time its workers had nothing to do: nothing came, or nothing more will.</param>
/// <param name="MeanInput">Finished messages of the stage before that waited for this one, on average over the graph's time.</param>
/// <param name="Allocated">Managed bytes that its work allocated.</param>
public sealed record StageReport(
    string Name,
    int Workers,
    long Items,
    TimeSpan Busy,
    TimeSpan Cpu,
    TimeSpan Queueing,
    TimeSpan Blocked,
    TimeSpan Starved,
    double MeanInput,
    long Allocated
)
{
    /// <summary>A time's share of the workers' whole time, 0 to 1.</summary>
    public double Share(TimeSpan time)
    {
        var whole = Busy + Queueing + Blocked + Starved;
        return whole > TimeSpan.Zero ? time / whole : 0;
    }
}
