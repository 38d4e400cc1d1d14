using System.Diagnostics;
using SegBatch.Native;
using SegBatch.Pipeline;
using Xunit;

namespace SegBatch.Tests.Pipeline;

/// <summary>Measures threads that wait and spin, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(StageFiguresTests), DisableParallelization = true)]
[Collection(nameof(StageFiguresTests))]
public sealed class StageFiguresTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Time_is_shared_out_by_what_was_waited_for()
    {
        // Worked out by hand: a chain of three, one worker and one place each but for the source's second place.
        var (read, work, write) = (new StageClock("read", 1, 2), new StageClock("work", 1, 1), new StageClock("write", 1, 1));
        Spend(10, () => read.Begun++); // all idle
        Spend(5, () => (read.Ended, read.Made) = (1, 1)); // 1 is read
        Spend(1, () => (read.Begun, work.Begun) = (2, 1)); // 1 is on its way
        Spend(5, () => (read.Ended, read.Made) = (2, 2)); // 2 is read, 1 in work
        Spend(0, () => read.Begun = 3); // 2 lies in the source's second place
        Spend(5, () => (read.Ended, read.Made) = (3, 3)); // 3 is read
        Spend(7, () => (work.Ended, work.Made) = (1, 1)); // 1 in work, 2 and 3 wait: the source cannot go on
        Spend(2, () => (work.Begun, write.Begun) = (2, 1));

        Assert.Equal((15L, 7L, 13L), Ticks(read.Report(3)));
        Assert.Equal((17L, 0L, 18L), Ticks(work.Report(1)));
        Assert.Equal((0L, 0L, 35L), Ticks(write.Report(0)));
        Assert.Equal((1 * 1 + 1 * 5 + 2 * 7 + 2 * 2) / 35.0, work.Report(1).MeanInput, 12);

        void Spend(long time, Action change)
        {
            var ticks = time * Stopwatch.Frequency / TimeSpan.TicksPerSecond;
            var taken = write.Spend(ticks, work.Made, write.Made);
            taken = work.Spend(ticks, read.Made, taken);
            read.Spend(ticks, read.Begun, taken);
            change();
        }
    }

    /// <summary>
    /// Before each sleep of the slow stage, those before it have filled up and those behind it have run dry. So the figures hold for
    /// that time at least, however long a busy machine takes to wake a thread.
    /// </summary>
    [Fact]
    public async Task The_slowest_stage_is_busy_those_before_are_blocked_and_those_behind_starve()
    {
        const int Count = 40;
        using var graph = new DataflowGraph("clip.mp4", _ => new FrameRange(0, 0), Token);
        var source = graph.Source("read", _ => Numbers(Count));
        var early = graph.Stage("early", source, item => item);
        var slow = graph.Stage("slow", early, Sleep);
        var late = graph.Stage("late", slow, item => item);
        graph.Sink("write", late, _ => { });
        await graph.CompleteAsync();

        var stages = graph.Stages.ToDictionary(stage => stage.Name);
        var asleep = 0.95 * (Count - 4) * TimeSpan.FromMilliseconds(25); // the last of them have less than enough before them
        Assert.True(stages["slow"].Busy > asleep, $"{stages["slow"]}");
        Assert.True(stages["slow"].Cpu < 0.5 * stages["slow"].Busy, $"{stages["slow"]}");
        Assert.True(stages["read"].Blocked > asleep, $"{stages["read"]}");
        Assert.True(stages["early"].Blocked > asleep, $"{stages["early"]}");
        Assert.True(stages["late"].Starved > asleep, $"{stages["late"]}");
        Assert.True(stages["write"].Starved > asleep, $"{stages["write"]}");
        Assert.True(stages["slow"].MeanInput * Whole(stages["slow"]) > asleep, $"{stages["slow"]}");
        Assert.True((1 - stages["late"].MeanInput) * Whole(stages["late"]) > asleep, $"{stages["late"]}");
        Assert.Single(graph.Stages.Select(stage => (long)Whole(stage).TotalMilliseconds).Distinct());

        object Sleep(object item)
        {
            var i = (int)item;
            SpinWait.SpinUntil(() => graph.Stages is var now && now[0].Items == Math.Min(i + 4, Count) && now[^1].Items == i, 10_000);
            Thread.Sleep(25);
            return item;
        }
    }

    [Fact]
    public async Task Processor_time_is_that_of_the_work_and_waiting_for_a_slot_is_neither_work_nor_idleness()
    {
        using var slots = new SemaphoreSlim(0);
        using var graph = new DataflowGraph("clip.mp4", _ => new FrameRange(0, 0), Token);
        var source = graph.Source("read", _ => Numbers(10));
        var spun = graph.Stage("spin", source, Spin, workers: 2, slots);
        graph.Sink("write", spun, _ => { });
        var run = graph.CompleteAsync();
        while (graph.Stages[0].Items < 4) // both workers wait, and one message behind them
        {
            await Task.Delay(1, Token);
        }

        await Task.Delay(200, Token); // another video has the slot
        slots.Release();
        await run;

        var spin = graph.Stages[1];
        var work = TimeSpan.FromMilliseconds(10 * 5);
        Assert.InRange(spin.Cpu, work, 2 * work);
        Assert.True(spin.Busy >= 0.99 * work, $"{spin}");
        Assert.True(spin.Queueing > TimeSpan.FromMilliseconds(50), $"{spin}");
        Assert.True(graph.Stages[0].Cpu + graph.Stages[2].Cpu < work, $"{graph.Stages[0]} {graph.Stages[2]}");

        static object Spin(object item)
        {
            for (var begin = ThreadTime.Ticks; ThreadTime.Ticks - begin < 5 * TimeSpan.TicksPerMillisecond; ) { }
            return item;
        }
    }

    private static (long Busy, long Blocked, long Starved) Ticks(StageReport report) =>
        (report.Busy.Ticks, report.Blocked.Ticks, report.Starved.Ticks);

    private static TimeSpan Whole(StageReport stage) => (stage.Busy + stage.Queueing + stage.Blocked + stage.Starved) / stage.Workers;

    private static async IAsyncEnumerable<object> Numbers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.CompletedTask;
            yield return i;
        }
    }

    [Fact]
    public void Processor_time_of_short_work_is_sampled_and_that_of_long_work_is_not()
    {
        var (brief, lasting) = (new StageClock("brief", 1, 1), new StageClock("lasting", 1, 1));
        var weights = new List<int>();
        for (var message = 0; message < 1600; message++)
        {
            var weight = brief.Begin();
            brief.Cpu += 10 * weight; // a microsecond each
            weights.Add(weight);
            Assert.Equal(1, lasting.Begin());
            lasting.Cpu += 10_000;
        }

        Assert.Equal(1600 * 10, brief.Cpu);
        Assert.Equal(16 + 99, weights.Count(weight => weight > 0));
    }
}
