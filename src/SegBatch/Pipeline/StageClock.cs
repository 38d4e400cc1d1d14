using System.Diagnostics;

namespace SegBatch.Pipeline;

/// <summary>Counts the items of one stage and the time it works on them.</summary>
internal sealed class StageClock(string name)
{
    private long _items;
    private long _ticks;

    public long Items => Interlocked.Read(ref _items);

    public void Add(long started)
    {
        Interlocked.Add(ref _ticks, Stopwatch.GetTimestamp() - started);
        Interlocked.Increment(ref _items);
    }

    /// <summary>Counts the time the source takes for each item, not the time its consumer does.</summary>
    public async IAsyncEnumerable<T> Timed<T>(IAsyncEnumerable<T> source)
    {
        await using var items = source.GetAsyncEnumerator();
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            var more = await items.MoveNextAsync();
            Interlocked.Add(ref _ticks, Stopwatch.GetTimestamp() - started);
            if (!more)
            {
                yield break;
            }

            Interlocked.Increment(ref _items);
            yield return items.Current;
        }
    }

    public StageReport Report() => new(name, Items, Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _ticks)));
}
