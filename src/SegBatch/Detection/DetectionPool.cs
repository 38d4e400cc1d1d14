namespace SegBatch.Detection;

/// <summary>
/// The detection lists of one video, used over and over. It hands out as many as are asked for (the frames they belong to are what
/// is bounded) and knows every one of them: whatever happens to the messages that carry them, <see cref="Dispose"/> frees their memory.
/// </summary>
public sealed class DetectionPool : IDisposable
{
    private readonly List<DetectionList> _all = [];
    private readonly Stack<DetectionList> _free = [];
    private readonly Lock _gate = new();

    /// <summary>Lists rented and not given back.</summary>
    public int Outstanding
    {
        get
        {
            lock (_gate)
            {
                return _all.Count - _free.Count;
            }
        }
    }

    /// <summary>An empty list; disposing it gives it back.</summary>
    public DetectionList Rent()
    {
        lock (_gate)
        {
            if (!_free.TryPop(out var list))
            {
                list = new DetectionList(this);
                _all.Add(list);
            }

            return list;
        }
    }

    internal void Return(DetectionList list)
    {
        list.Clear();
        lock (_gate)
        {
            _free.Push(list);
        }
    }

    /// <summary>Frees every list, also those still outstanding. Call it after every stage has ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var list in _all)
            {
                list.Runs.Dispose();
            }

            _all.Clear();
            _free.Clear();
        }
    }
}
