using System.Diagnostics;

namespace SegBatch.Pipeline;

/// <summary>
/// The state of one stage and the time spent in it, summed over its workers. <see cref="GraphClock"/> changes the state, and
/// accounts for the time before each change. Not thread-safe by itself.
/// </summary>
/// <param name="name">The stage's name.</param>
/// <param name="workers">Messages it may work on at once.</param>
/// <param name="capacity">Messages it may hold at once: waiting, in work, and finished but not taken by the next stage.</param>
internal sealed class StageClock(string name, int workers, int capacity)
{
    /// <summary>Reading a thread's processor time twice is a noticeable part of work this short, in ticks of 100 ns ...</summary>
    private const long ShortWork = 500;

    /// <summary>... so that one message in so many stands for all.</summary>
    private const int SampledEvery = 16;

    private long _taken;
    private long _busy;
    private long _queueing;
    private long _blocked;
    private long _starved;
    private long _input;

    public string Name => name;

    /// <summary>Messages that its work has begun on.</summary>
    public long Begun { get; set; }

    /// <summary>Messages that its work has ended on.</summary>
    public long Ended { get; set; }

    /// <summary>Messages its work has made for the next stage.</summary>
    public long Made { get; set; }

    /// <summary>Workers that wait for something shared.</summary>
    public int Queueing { get; set; }

    /// <summary>Processor time of its work, in ticks of 100 ns.</summary>
    public long Cpu { get; set; }

    /// <summary>Managed bytes that its work allocated.</summary>
    public long Allocated { get; set; }

    /// <summary>The work on a message begins.</summary>
    /// <returns>How many messages its processor time stands for; 0 where it need not be read.</returns>
    public int Begin()
    {
        var ordinal = Begun++;
        return ordinal < SampledEvery || Cpu > ShortWork * ordinal ? 1
            : ordinal % SampledEvery == 0 ? SampledEvery
            : 0;
    }

    /// <summary>Adds a stretch of time in which nothing changed.</summary>
    /// <param name="elapsed">Its length in ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="offered">Messages that the stage before has made.</param>
    /// <param name="takenByNext">Messages of this stage that the next one has taken.</param>
    /// <returns>Messages of the stage before that this one has taken: as many as were offered and fit.</returns>
    public long Spend(long elapsed, long offered, long takenByNext)
    {
        var finished = Made - takenByNext;
        _taken = Math.Max(_taken, Math.Min(offered, Ended + capacity - finished));
        var active = Begun - Ended;
        var idle = workers - active - Queueing;
        // What is finished and not taken lies in the places that are more than the workers first; then workers lack a place.
        var blocked = Math.Clamp(finished - (capacity - workers), 0, idle);
        _busy += elapsed * active;
        _queueing += elapsed * Queueing;
        _blocked += elapsed * blocked;
        _starved += elapsed * (idle - blocked);
        _input += elapsed * (offered - Begun);
        return _taken;
    }

    /// <param name="items">Messages to report.</param>
    public StageReport Report(long items)
    {
        var whole = _busy + _queueing + _blocked + _starved;
        return new(
            name,
            workers,
            items,
            Time(_busy),
            TimeSpan.FromTicks(Cpu),
            Time(_queueing),
            Time(_blocked),
            Time(_starved),
            whole > 0 ? (double)_input * workers / whole : 0,
            Allocated
        );
    }

    private static TimeSpan Time(long ticks) => Stopwatch.GetElapsedTime(0, ticks);
}
