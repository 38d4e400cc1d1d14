using System.Threading.Tasks.Dataflow;
using Xunit;

namespace SegBatch.Tests.Pipeline;

/// <summary>What the graph relies on in TPL Dataflow. A change of the runtime that breaks one of these breaks the design.</summary>
public sealed class DataflowAssumptionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bound_does_not_hold_inside_one_message_of_a_transform_many()
    {
        var produced = 0;
        IEnumerable<int> Many()
        {
            for (; produced < 100; produced++)
            {
                yield return produced;
            }
        }

        var block = new TransformManyBlock<int, int>(_ => Many(), new ExecutionDataflowBlockOptions { BoundedCapacity = 1 });
        await block.SendAsync(0, Token);
        await Until(() => block.OutputCount == 100 || produced == 100);
        Assert.Equal(100, produced);
    }

    [Fact]
    public async Task A_cancelled_delegate_loses_its_message_and_the_block_ends_well()
    {
        var block = new TransformBlock<int, int>(item => item == 3 ? throw new OperationCanceledException() : item);
        var seen = new List<int>();
        var sink = new ActionBlock<int>(seen.Add);
        block.LinkTo(sink, new DataflowLinkOptions { PropagateCompletion = true });
        for (var i = 0; i < 6; i++)
        {
            await block.SendAsync(i, Token);
        }

        block.Complete();
        await sink.Completion.WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.Equal([0, 1, 2, 4, 5], seen);
    }

    [Fact]
    public async Task A_faulted_sink_leaves_its_bounded_producers_waiting()
    {
        var first = new TransformBlock<int, int>(item => item, new ExecutionDataflowBlockOptions { BoundedCapacity = 1 });
        var sink = new ActionBlock<int>(
            _ => throw new InvalidOperationException(),
            new ExecutionDataflowBlockOptions { BoundedCapacity = 1 }
        );
        first.LinkTo(sink, new DataflowLinkOptions { PropagateCompletion = true });
        await first.SendAsync(0, Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => sink.Completion);
        await first.SendAsync(1, Token);
        var third = first.SendAsync(2, Token);
        await Task.Delay(100, Token);
        Assert.False(third.IsCompleted);
        Assert.False(first.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_faulted_block_does_not_dispose_what_it_had_accepted()
    {
        var messages = Enumerable.Range(0, 10).Select(_ => new Message()).ToArray();
        var block = new ActionBlock<Message>(_ => throw new InvalidOperationException());
        foreach (var message in messages)
        {
            block.Post(message);
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => block.Completion);
        Assert.DoesNotContain(messages, message => message.Disposed);
    }

    [Fact]
    public async Task Completion_of_a_cancelled_block_waits_for_its_running_delegate()
    {
        using var stop = new CancellationTokenSource();
        var running = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var block = new ActionBlock<int>(
            async _ =>
            {
                running.SetResult();
                await release.Task;
            },
            new ExecutionDataflowBlockOptions { CancellationToken = stop.Token }
        );
        await block.SendAsync(1, Token);
        await running.Task;
        await stop.CancelAsync();
        Assert.False(block.Completion.IsCompleted);
        release.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => block.Completion);
    }

    [Fact]
    public async Task A_parallel_ordered_block_delivers_in_order()
    {
        var block = new TransformBlock<int, int>(
            async item =>
            {
                await Task.Delay(item == 0 ? 50 : 1, Token);
                return item;
            },
            new ExecutionDataflowBlockOptions { MaxDegreeOfParallelism = 4, BoundedCapacity = 8 }
        );
        var seen = new List<int>();
        var sink = new ActionBlock<int>(seen.Add);
        block.LinkTo(sink, new DataflowLinkOptions { PropagateCompletion = true });
        for (var i = 0; i < 40; i++)
        {
            await block.SendAsync(i, Token);
        }

        block.Complete();
        await sink.Completion;
        Assert.Equal(Enumerable.Range(0, 40), seen);
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
        {
            await Task.Delay(10, Token);
        }
    }

    private sealed class Message : IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }
}
