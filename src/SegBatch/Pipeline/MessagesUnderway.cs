namespace SegBatch.Pipeline;

/// <summary>The disposable messages that a graph owns: whatever a fault or a stop has left on the way is disposed here, once.</summary>
internal sealed class MessagesUnderway : IDisposable
{
    private readonly HashSet<IDisposable> _messages = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _gate = new();

    public void Add(object message)
    {
        lock (_gate)
        {
            AddOne(message);
        }
    }

    /// <summary>A message has become its result: one message, several, or none.</summary>
    /// <returns>How many.</returns>
    public int Replace(object message, object? result)
    {
        lock (_gate)
        {
            if (ReferenceEquals(message, result))
            {
                return 1;
            }

            if (message is IDisposable disposable)
            {
                _messages.Remove(disposable);
            }

            if (result is not object[] several)
            {
                AddOne(result);
                return result is null ? 0 : 1;
            }

            foreach (var one in several)
            {
                AddOne(one);
            }

            return several.Length;
        }
    }

    /// <summary>Disposes all of them. Call it when no stage runs any more; a second call has nothing to do.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var message in _messages)
            {
                message.Dispose();
            }

            _messages.Clear();
        }
    }

    private void AddOne(object? message)
    {
        if (message is IDisposable disposable)
        {
            _messages.Add(disposable);
        }
    }
}
