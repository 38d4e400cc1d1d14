using System.Runtime.CompilerServices;
using SegBatch.Pipeline;
using Xunit;

namespace SegBatch.Tests.Pipeline;

public sealed class DataflowGraphTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_message_passes_in_order_and_is_disposed()
    {
        var world = new World();
        using var graph = world.Graph(Token);
        var source = graph.Source("read", world.Read(50));
        var doubled = graph.Stage("work", source, World.Slow, workers: 4);
        var pairs = graph.Expand<Message, Message>("split", doubled, message => world.Split(message));
        var seen = new List<int>();
        graph.Sink("write", pairs, message => seen.Add(message.Number));
        await graph.CompleteAsync();

        Assert.Equal(Enumerable.Range(0, 50).SelectMany(i => new[] { i, i }), seen);
        Assert.Equal(0, world.Outstanding);
        Assert.Equal(["read", "work", "split", "write"], graph.Stages.Select(stage => stage.Name));
        Assert.Equal([50L, 50, 50, 100], graph.Stages.Select(stage => stage.Items));
    }

    [Theory]
    [InlineData("read")]
    [InlineData("work")]
    [InlineData("split")]
    [InlineData("write")]
    public async Task A_fault_anywhere_stops_everything_and_names_its_stage(string where)
    {
        var world = new World();
        using var graph = world.Graph(Token);
        world.Build(graph, 10_000, where, new InvalidDataException("broken"));
        var error = await Assert.ThrowsAsync<StageException>(() => graph.CompleteAsync().WaitAsync(TimeSpan.FromSeconds(20), Token));

        Assert.Equal(where, error.Stage);
        Assert.IsType<InvalidDataException>(error.InnerException);
        Assert.Contains("clip.mp4", error.Message, StringComparison.Ordinal);
        Assert.Contains(where == "read" ? "message 30" : "frame 30", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, world.Outstanding);
    }

    [Fact]
    public async Task A_stage_that_throws_cancellation_of_its_own_is_a_fault()
    {
        var world = new World();
        using var graph = world.Graph(Token);
        world.Build(graph, 10_000, "work", new OperationCanceledException("a timeout inside"));
        var error = await Assert.ThrowsAsync<StageException>(graph.CompleteAsync);
        Assert.Equal("work", error.Stage);
        Assert.Equal(0, world.Outstanding);
    }

    [Fact]
    public async Task The_callers_stop_is_a_cancellation_not_a_fault()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var world = new World();
        using var graph = world.Graph(stop.Token);
        world.Build(graph, int.MaxValue, "nowhere", new InvalidDataException());
        var run = graph.CompleteAsync();
        await Task.Delay(50, Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(20), Token));
        Assert.Equal(0, world.Outstanding);
    }

    [Fact]
    public async Task Faults_and_stops_at_random_moments_leave_nothing_behind()
    {
        var random = new Random(7);
        string[] places = ["read", "work", "split", "write", "nowhere"];
        for (var round = 0; round < 200; round++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var world = new World { FaultAt = random.Next(0, 60) };
            using var graph = world.Graph(stop.Token);
            world.Build(graph, 60, places[random.Next(places.Length)], new InvalidDataException());
            var run = graph.CompleteAsync();
            if (random.Next(3) == 0)
            {
                await Task.Delay(random.Next(0, 4), Token);
                await stop.CancelAsync();
            }

            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            Assert.Equal(0, world.Outstanding);
        }
    }

    [Fact]
    public async Task The_source_is_pulled_no_faster_than_the_sink_takes()
    {
        var world = new World();
        using var graph = world.Graph(Token);
        var release = new TaskCompletionSource();
        var source = graph.Source("read", world.Read(1000));
        var work = graph.Stage("work", source, World.Slow, workers: 2);
        graph.Sink("write", work, _ => release.Task.GetAwaiter().GetResult());
        var run = graph.CompleteAsync();
        await Task.Delay(200, Token);
        Assert.InRange(world.Made, 1, 10);
        release.SetResult();
        await run;
        Assert.Equal(1000, world.Made);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task No_more_results_exist_than_may(int workers)
    {
        var world = new World();
        using var graph = world.Graph(Token);
        using var slots = new SemaphoreSlim(workers);
        using var results = new SemaphoreSlim(DataflowGraph.Room(workers));
        using var full = new ManualResetEventSlim();
        var (alive, most) = (0, 0);
        var source = graph.Source("read", world.Read(300));
        var made = graph.Stage("make", source, Make, workers, slots, results);
        var used = graph.Stage("use", made, Use, workers: 1, room: 16);
        var seen = new List<int>();
        graph.Sink("write", used, message => seen.Add(message.Number));
        await graph.CompleteAsync().WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(Enumerable.Range(0, 300), seen);
        Assert.Equal(DataflowGraph.Room(workers), most);
        Assert.Equal((0, workers, DataflowGraph.Room(workers)), (world.Outstanding, slots.CurrentCount, results.CurrentCount));

        Message Make(Message message)
        {
            lock (slots)
            {
                most = Math.Max(most, ++alive);
                if (most >= DataflowGraph.Room(workers))
                {
                    full.Set();
                }
            }

            return message;
        }

        Message Use(Message message)
        {
            if (message.Number == 0)
            {
                full.Wait(Token); // results pile up behind the first one, and get time for one too many
                Thread.Sleep(50);
            }

            lock (slots)
            {
                alive--;
            }

            results.Release();
            return message;
        }
    }

    [Fact]
    public async Task Waiting_for_a_result_of_others_ends_with_the_callers_stop()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var world = new World();
        using var graph = world.Graph(stop.Token);
        using var slots = new SemaphoreSlim(2);
        using var results = new SemaphoreSlim(DataflowGraph.Room(2)); // nobody gives one back
        var made = graph.Stage("make", graph.Source("read", world.Read(100)), message => message, 2, slots, results);
        graph.Sink("write", made, _ => { });
        var run = graph.CompleteAsync();
        while (results.CurrentCount > 0)
        {
            await Task.Delay(1, Token);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(20), Token));
        Assert.Equal((0, 2), (world.Outstanding, slots.CurrentCount));
    }

    /// <summary>Makes messages and counts those not disposed.</summary>
    private sealed class World
    {
        private int _outstanding;
        private int _made;

        public int Outstanding => _outstanding;

        public int Made => _made;

        public int FaultAt { get; init; } = 30;

        public DataflowGraph Graph(CancellationToken token) =>
            new("clip.mp4", item => new FrameRange(((Message)item).Number, ((Message)item).Number), token);

        public void Build(DataflowGraph graph, int count, string where, Exception error)
        {
            var source = graph.Source("read", Read(count, where == "read" ? error : null));
            var work = graph.Stage("work", source, message => Check(message, where == "work", error), workers: 3);
            var split = graph.Expand<Message, Message>("split", work, message => Split(Check(message, where == "split", error)));
            graph.Sink("write", split, message => Check(message, where == "write", error));
        }

        public Func<CancellationToken, IAsyncEnumerable<Message>> Read(int count, Exception? error = null) =>
            stopping => ReadAll(count, error, stopping);

        public static Message Slow(Message message)
        {
            Thread.Sleep(message.Number % 3);
            return message;
        }

        public Message[] Split(Message message)
        {
            message.Dispose();
            return [New(message.Number), New(message.Number)];
        }

        private Message Check(Message message, bool here, Exception error) => here && message.Number == FaultAt ? throw error : message;

        private async IAsyncEnumerable<Message> ReadAll(int count, Exception? error, [EnumeratorCancellation] CancellationToken stopping)
        {
            for (var i = 0; i < count; i++)
            {
                stopping.ThrowIfCancellationRequested();
                if (error is not null && i == FaultAt)
                {
                    throw error;
                }

                await Task.Yield();
                yield return New(i);
            }
        }

        private Message New(int number)
        {
            Interlocked.Increment(ref _outstanding);
            Interlocked.Increment(ref _made);
            return new Message(number, () => Interlocked.Decrement(ref _outstanding));
        }
    }

    private sealed class Message(int number, Action disposed) : IDisposable
    {
        private Action? _disposed = disposed;

        public int Number => number;

        public void Dispose() => Interlocked.Exchange(ref _disposed, null)?.Invoke();
    }
}
