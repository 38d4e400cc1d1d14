namespace SegBatch.Inference;

/// <summary>
/// Sessions by input shape, made on first use. Above the capacity the one unused for longest is ended; one in use never is, so
/// the capacity can be exceeded for a while.
/// </summary>
internal sealed class SessionCache<TKey, TSession>(int capacity, Func<TKey, TSession> create) : IDisposable
    where TKey : notnull
    where TSession : class, IDisposable
{
    private readonly Dictionary<TKey, Entry> _entries = [];
    private readonly Lock _gate = new();
    private long _clock;

    /// <summary>The session for a shape, kept alive until <see cref="Lease.Dispose"/>. Making one blocks only callers of the same shape.</summary>
    public Lease Acquire(TKey key)
    {
        Entry? entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out entry))
            {
                entry = Add(key);
            }

            entry.Users++;
            entry.LastUse = ++_clock;
        }

        try
        {
            return new Lease(this, entry, entry.Session.Value);
        }
        catch
        {
            Release(entry, isBroken: true);
            throw;
        }
    }

    /// <summary>Ends every session. No lease may be held.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values.Where(entry => entry.Session.IsValueCreated))
            {
                entry.Session.Value.Dispose();
            }

            _entries.Clear();
        }
    }

    /// <summary>A method of its own, so that only a new session costs the closure.</summary>
    private Entry Add(TKey key) => _entries[key] = new Entry(key, new Lazy<TSession>(() => create(key)));

    private void Release(Entry entry, bool isBroken)
    {
        List<Entry>? ended = null;
        lock (_gate)
        {
            entry.Users--;
            if (isBroken && _entries.GetValueOrDefault(entry.Key) == entry)
            {
                _entries.Remove(entry.Key); // the next caller tries anew
            }

            while (_entries.Count > capacity && _entries.Values.Where(e => e.Users == 0).MinBy(e => e.LastUse) is { } oldest)
            {
                _entries.Remove(oldest.Key);
                (ended ??= []).Add(oldest);
            }
        }

        foreach (var old in ended ?? [])
        {
            old.Session.Value.Dispose();
        }
    }

    internal sealed class Entry(TKey key, Lazy<TSession> session)
    {
        public TKey Key { get; } = key;

        public Lazy<TSession> Session { get; } = session;

        public int Users { get; set; }

        public long LastUse { get; set; }
    }

    /// <summary>A session in use.</summary>
    public readonly struct Lease : IDisposable
    {
        private readonly SessionCache<TKey, TSession> _cache;
        private readonly Entry _entry;

        public Lease(SessionCache<TKey, TSession> cache, Entry entry, TSession session)
        {
            (_cache, _entry, Session) = (cache, entry, session);
        }

        public TSession Session { get; }

        public void Dispose() => _cache.Release(_entry, isBroken: false);
    }
}
