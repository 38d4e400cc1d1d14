using System.Diagnostics;
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
    private readonly List<StageClock> _clocks = [];
    private readonly HashSet<IDisposable> _underway = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _gate = new();
    private Func<Task>? _pump;
    private StageException? _fault;

    /// <summary>Cancelled by the caller's token and by the first fault.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Items and busy time of each stage so far, in the order of the graph.</summary>
    public IReadOnlyList<StageReport> Stages => [.. _clocks.Select(clock => clock.Report())];

    /// <summary>The head of the graph: <paramref name="read"/> is pulled one item at a time, and only when the next stage has room.</summary>
    public ISourceBlock<T> Source<T>(string name, Func<CancellationToken, IAsyncEnumerable<T>> read)
        where T : class
    {
        var clock = Clock(name);
        var head = new BufferBlock<T>(new DataflowBlockOptions { BoundedCapacity = 1, CancellationToken = _stop.Token });
        _completions.Add(head.Completion);
        _pump = async () =>
        {
            try
            {
                await foreach (var item in clock.Timed(read(_stop.Token)))
                {
                    Track(item);
                    if (!await head.SendAsync(item, _stop.Token))
                    {
                        break; // the graph is stopping; the item is disposed with it
                    }
                }
            }
            catch (Exception error)
            {
                Fail(name, $"message {clock.Items}", error);
            }
            finally
            {
                head.Complete();
            }
        };
        return head;
    }

    /// <summary>One message in, one out, in order, by up to <paramref name="workers"/> at once.</summary>
    public ISourceBlock<TOut> Stage<TIn, TOut>(string name, ISourceBlock<TIn> upstream, Func<TIn, Task<TOut>> work, int workers = 1)
        where TIn : class
        where TOut : class
    {
        var clock = Clock(name);
        return Link(upstream, new TransformBlock<TIn, TOut>(item => Guard(name, clock, item, work), Options(workers)));
    }

    /// <inheritdoc cref="Stage{TIn,TOut}(string,ISourceBlock{TIn},Func{TIn,Task{TOut}},int)"/>
    public ISourceBlock<TOut> Stage<TIn, TOut>(string name, ISourceBlock<TIn> upstream, Func<TIn, TOut> work, int workers = 1)
        where TIn : class
        where TOut : class => Stage(name, upstream, item => Task.FromResult(work(item)), workers);

    /// <summary>One message in, several out, in order.</summary>
    public ISourceBlock<TOut> Expand<TIn, TOut>(
        string name,
        ISourceBlock<TIn> upstream,
        Func<TIn, IReadOnlyList<TOut>> work,
        int workers = 1
    )
        where TIn : class
        where TOut : class
    {
        var clock = Clock(name);
        return Link(
            upstream,
            new TransformManyBlock<TIn, TOut>(
                async item => await Guard(name, clock, item, value => Task.FromResult(work(value))),
                Options(workers)
            )
        );
    }

    /// <summary>The end of the graph: one message at a time, in order. The message is disposed behind it.</summary>
    public void Sink<TIn>(string name, ISourceBlock<TIn> upstream, Action<TIn> work)
        where TIn : class
    {
        var clock = Clock(name);
        var block = new ActionBlock<TIn>(
            async item =>
            {
                await Guard(
                    name,
                    clock,
                    item,
                    value =>
                    {
                        work(value);
                        (value as IDisposable)?.Dispose();
                        return Task.FromResult(Ended.Instance);
                    }
                );
            },
            Options(1)
        );
        upstream.LinkTo(block, new DataflowLinkOptions { PropagateCompletion = true });
        _completions.Add(block.Completion);
    }

    /// <summary>Runs the graph to its end: returns when every stage has stopped.</summary>
    /// <exception cref="StageException">A stage failed; the first failure of all.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task CompleteAsync()
    {
        var pump = Task.Run(_pump ?? throw new InvalidOperationException("The graph has no source."), CancellationToken.None);
        // Every block ends, whether well, faulted or cancelled, before anything is freed; the fault was kept by Fail.
        await Task.WhenAll([pump, .. _completions]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        DisposeUnderway();
        if (_fault is not null)
        {
            throw _fault;
        }

        cancellationToken.ThrowIfCancellationRequested();
        await Task.WhenAll(_completions); // nothing failed in a stage: an error here would be the graph's own
    }

    public void Dispose()
    {
        DisposeUnderway();
        _stop.Dispose();
    }

    private async Task<TOut> Guard<TIn, TOut>(string name, StageClock clock, TIn item, Func<TIn, Task<TOut>> work)
        where TIn : class
        where TOut : class
    {
        var started = Stopwatch.GetTimestamp();
        var frames = framesOf(item); // before the work takes the message apart
        try
        {
            _stop.Token.ThrowIfCancellationRequested();
            var result = await work(item);
            Untrack(item);
            Track(result);
            return result;
        }
        catch (Exception error)
        {
            // A message that leaves a block as OperationCanceledException would vanish and the graph would end well.
            throw Fail(name, frames.ToString(), error);
        }
        finally
        {
            clock.Add(started);
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

    private ExecutionDataflowBlockOptions Options(int workers) =>
        new()
        {
            // Finished messages wait in order for a slow one and count too: room for them, or workers idle.
            BoundedCapacity = workers == 1 ? 1 : 2 * workers,
            MaxDegreeOfParallelism = workers,
            EnsureOrdered = true,
            SingleProducerConstrained = true,
            CancellationToken = _stop.Token,
        };

    private StageClock Clock(string name)
    {
        var clock = new StageClock(name);
        _clocks.Add(clock);
        return clock;
    }

    private void Track(object message)
    {
        lock (_gate)
        {
            foreach (var item in message as System.Collections.IEnumerable ?? new[] { message })
            {
                if (item is IDisposable disposable)
                {
                    _underway.Add(disposable);
                }
            }
        }
    }

    private void Untrack(object message)
    {
        if (message is IDisposable disposable)
        {
            lock (_gate)
            {
                _underway.Remove(disposable);
            }
        }
    }

    private void DisposeUnderway()
    {
        lock (_gate)
        {
            foreach (var message in _underway)
            {
                message.Dispose();
            }

            _underway.Clear();
        }
    }

    private sealed class Ended
    {
        public static readonly Ended Instance = new();
    }
}
