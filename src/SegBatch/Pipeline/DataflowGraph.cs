using System.Threading.Tasks.Dataflow;

namespace SegBatch.Pipeline;

/// <summary>
/// A bounded, linear chain of stages over one video: the only file that knows TPL Dataflow. It names each block, bounds it,
/// links it with completion, pumps the source one item at a time, and turns any exception of any stage into the one
/// <see cref="StageException"/> that stops all the others.
/// </summary>
/// <remarks>
/// A message belongs to the stage that works on it; between stages it belongs to the graph, which disposes what a fault or a
/// stop has left on the way. So messages that borrow memory are disposable, and disposing them twice is harmless.
/// A stage that throws may leave its own message undisposed: the graph does it.
/// </remarks>
public sealed class DataflowGraph(string video, Func<object, FrameRange> framesOf, CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly List<Task> _completions = [];
    private readonly GraphClock _clock = new();
    private readonly MessagesUnderway _underway = new();
    private readonly Lock _gate = new();
    private Func<Task>? _pump;
    private StageException? _fault;

    /// <summary>Cancelled by the caller's token and by the first fault.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>What each stage did so far, in the order of the graph.</summary>
    public IReadOnlyList<StageReport> Stages => _clock.Report();

    /// <summary>The head of the graph: <paramref name="read"/> is pulled one item at a time, and only when the next stage has room.</summary>
    /// <param name="name">The stage's name.</param>
    /// <param name="read">The items; the graph's stop is passed in.</param>
    /// <param name="room">Awaited before each pull: ends when what a pull needs is there, so that the pull itself need not wait.</param>
    public ISourceBlock<T> Source<T>(
        string name,
        Func<CancellationToken, IAsyncEnumerable<T>> read,
        Func<CancellationToken, Task>? room = null
    )
        where T : class
    {
        var stage = _clock.Add(name, workers: 1, capacity: 2); // one in the pump's hand, one in the block
        var head = new BufferBlock<T>(new DataflowBlockOptions { BoundedCapacity = 1, CancellationToken = _stop.Token });
        _completions.Add(head.Completion);
        _pump = async () =>
        {
            try
            {
                await using var items = read(_stop.Token).GetAsyncEnumerator();
                while (await Pull(stage, items, room))
                {
                    _underway.Add(items.Current);
                    if (!await head.SendAsync(items.Current, _stop.Token))
                    {
                        break; // the graph is stopping; the item is disposed with it
                    }
                }
            }
            catch (Exception error)
            {
                Fail(name, $"message {stage.Made}", error);
            }
            finally
            {
                head.Complete();
            }
        };
        return head;
    }

    /// <summary>One message in, one out, in order, by up to <paramref name="workers"/> at once.</summary>
    /// <param name="room">
    /// Messages it may hold, waiting, in work or finished; null for as few as keep its workers busy. More where messages cost nothing
    /// but what they already hold: a worker that finds nothing to do must be woken, which costs more than a short piece of work.
    /// </param>
    public ISourceBlock<TOut> Stage<TIn, TOut>(
        string name,
        ISourceBlock<TIn> upstream,
        Func<TIn, TOut> work,
        int workers = 1,
        int? room = null
    )
        where TIn : class
        where TOut : class
    {
        var stage = _clock.Add(name, workers, room ?? Room(workers));
        return Link(upstream, new TransformBlock<TIn, TOut>(item => Work(stage, item, work), Options(workers, room ?? Room(workers))));
    }

    /// <summary>As above, for work that needs one of a few slots which all videos share. Waiting for one holds no thread.</summary>
    /// <param name="results">
    /// Bounds what the work makes, for results that weigh more than their messages: one is taken before each piece of work, and whoever is
    /// done with the result gives it back. At least <see cref="Room"/> of them, or later messages could take what the first one waits for.
    /// </param>
    public ISourceBlock<TOut> Stage<TIn, TOut>(
        string name,
        ISourceBlock<TIn> upstream,
        Func<TIn, TOut> work,
        int workers,
        SemaphoreSlim slots,
        SemaphoreSlim? results = null
    )
        where TIn : class
        where TOut : class
    {
        var stage = _clock.Add(name, workers, Room(workers));
        return Link(
            upstream,
            new TransformBlock<TIn, TOut>(item => WorkInTurn(stage, item, work, slots, results), Options(workers, Room(workers)))
        );
    }

    /// <summary>One message in, several out, in order.</summary>
    /// <param name="room">As of a stage.</param>
    public ISourceBlock<TOut> Expand<TIn, TOut>(
        string name,
        ISourceBlock<TIn> upstream,
        Func<TIn, TOut[]> work,
        int workers = 1,
        int? room = null
    )
        where TIn : class
        where TOut : class
    {
        var stage = _clock.Add(name, workers, room ?? Room(workers));
        return Link(upstream, new TransformManyBlock<TIn, TOut>(item => Work(stage, item, work), Options(workers, room ?? Room(workers))));
    }

    /// <summary>The end of the graph: one message at a time, in order. The message is disposed behind it.</summary>
    /// <param name="room">As of a stage.</param>
    public void Sink<TIn>(string name, ISourceBlock<TIn> upstream, Action<TIn> work, int room = 1)
        where TIn : class
    {
        var stage = _clock.Add(name, workers: 1, room);
        var block = new ActionBlock<TIn>(
            item =>
                Work<TIn, object?>(
                    stage,
                    item,
                    value =>
                    {
                        work(value);
                        (value as IDisposable)?.Dispose();
                        return null;
                    }
                ),
            Options(workers: 1, room)
        );
        upstream.LinkTo(block, new DataflowLinkOptions { PropagateCompletion = true });
        _completions.Add(block.Completion);
    }

    /// <summary>Runs the graph to its end: returns when every stage has stopped.</summary>
    /// <exception cref="StageException">A stage failed; the first failure of all.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task CompleteAsync()
    {
        _clock.Start();
        var pump = Task.Run(_pump ?? throw new InvalidOperationException("The graph has no source."), CancellationToken.None);
        // Every block ends, whether well, faulted or cancelled, before anything is freed; the fault was kept by Fail.
        await Task.WhenAll([pump, .. _completions]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _underway.Dispose();
        if (_fault is not null)
        {
            throw _fault;
        }

        cancellationToken.ThrowIfCancellationRequested();
        await Task.WhenAll(_completions); // nothing failed in a stage: an error here would be the graph's own
    }

    public void Dispose()
    {
        _underway.Dispose();
        _stop.Dispose();
    }

    /// <summary>One pull of the source. Its time is the source's work, but for what it waits for room.</summary>
    private async ValueTask<bool> Pull<T>(StageClock stage, IAsyncEnumerator<T> items, Func<CancellationToken, Task>? room)
    {
        if (room?.Invoke(_stop.Token) is { IsCompletedSuccessfully: false } waiting)
        {
            _clock.Queue(stage, 1);
            await waiting;
            _clock.Queue(stage, -1);
        }

        var begin = (GraphClock.WorkBegin?)_clock.Begin(stage);
        var more = false;
        try
        {
            var next = items.MoveNextAsync();
            begin = next.IsCompleted ? begin : null;
            return more = await next;
        }
        finally
        {
            _clock.End(stage, begin, more ? 1 : 0);
        }
    }

    private async Task<TOut> WorkInTurn<TIn, TOut>(
        StageClock stage,
        TIn item,
        Func<TIn, TOut> work,
        SemaphoreSlim slots,
        SemaphoreSlim? results
    )
        where TIn : class
        where TOut : class
    {
        // Results first: who waits for one holds no slot, which another video could use.
        await Take(stage, item, results);
        await Take(stage, item, slots);
        try
        {
            return Work(stage, item, work);
        }
        finally
        {
            slots.Release();
        }
    }

    private async ValueTask Take(StageClock stage, object item, SemaphoreSlim? permits)
    {
        var turn = permits?.WaitAsync(_stop.Token) ?? Task.CompletedTask;
        if (turn.IsCompletedSuccessfully)
        {
            return;
        }

        _clock.Queue(stage, 1);
        try
        {
            await turn;
        }
        catch (OperationCanceledException error)
        {
            throw Fail(stage.Name, framesOf(item).ToString(), error); // see Work
        }
        finally
        {
            _clock.Queue(stage, -1);
        }
    }

    private TOut Work<TIn, TOut>(StageClock stage, TIn item, Func<TIn, TOut> work)
        where TIn : class
    {
        var frames = framesOf(item); // before the work takes the message apart
        var begin = _clock.Begin(stage);
        var made = 0;
        try
        {
            _stop.Token.ThrowIfCancellationRequested();
            var result = work(item);
            made = _underway.Replace(item, result);
            return result;
        }
        catch (Exception error)
        {
            // A message that leaves a block as OperationCanceledException would vanish and the graph would end well.
            throw Fail(stage.Name, frames.ToString(), error);
        }
        finally
        {
            _clock.End(stage, begin, made);
        }
    }

    private StageException Fail(string stage, string item, Exception error)
    {
        var fault = error as StageException ?? new StageException(stage, item, video, error);
        lock (_gate)
        {
            if (!_stop.IsCancellationRequested)
            {
                _fault ??= fault;
            }
        }

        _stop.Cancel();
        return fault;
    }

    private ISourceBlock<TOut> Link<TIn, TOut>(ISourceBlock<TIn> upstream, IPropagatorBlock<TIn, TOut> block)
    {
        upstream.LinkTo(block, new DataflowLinkOptions { PropagateCompletion = true });
        _completions.Add(block.Completion);
        return block;
    }

    private ExecutionDataflowBlockOptions Options(int workers, int capacity) =>
        new()
        {
            BoundedCapacity = capacity,
            MaxDegreeOfParallelism = workers,
            EnsureOrdered = true,
            SingleProducerConstrained = true,
            CancellationToken = _stop.Token,
        };

    /// <summary>
    /// Messages that a stage holds when nothing else is said. Finished messages wait in order for a slow one and count too: room for them,
    /// or workers idle.
    /// </summary>
    public static int Room(int workers) => workers == 1 ? 1 : workers + workers / 2;
}
