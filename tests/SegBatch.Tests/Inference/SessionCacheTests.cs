using SegBatch.Inference;
using Xunit;

namespace SegBatch.Tests.Inference;

public class SessionCacheTests
{
    private sealed class FakeSession(int key) : IDisposable
    {
        public int Key { get; } = key;

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    [Fact]
    public void The_same_shape_gets_the_same_session()
    {
        using var cache = new SessionCache<int, FakeSession>(2, key => new FakeSession(key));

        using var first = cache.Acquire(1);
        using var second = cache.Acquire(1);

        Assert.Same(first.Session, second.Session);
    }

    [Fact]
    public void The_one_unused_for_longest_goes_first_and_one_in_use_never()
    {
        using var cache = new SessionCache<int, FakeSession>(2, key => new FakeSession(key));
        var held = cache.Acquire(1);
        var sessions = new List<FakeSession>();
        foreach (var key in new[] { 2, 3, 4 })
        {
            using var lease = cache.Acquire(key);
            sessions.Add(lease.Session);
        }

        Assert.Equal([true, true, false], sessions.Select(session => session.IsDisposed));
        Assert.False(held.Session.IsDisposed);

        held.Dispose();
        using (cache.Acquire(5)) { }

        Assert.False(sessions[2].IsDisposed);
        Assert.True(held.Session.IsDisposed);
    }

    [Fact]
    public void A_session_that_could_not_be_made_is_tried_again()
    {
        var calls = 0;
        using var cache = new SessionCache<int, FakeSession>(
            2,
            key => ++calls == 1 ? throw new InvalidOperationException("no") : new FakeSession(key)
        );

        Assert.Throws<InvalidOperationException>(() => cache.Acquire(1));
        using var lease = cache.Acquire(1);

        Assert.Equal(1, lease.Session.Key);
    }

    [Fact]
    public void Disposing_ends_every_session()
    {
        var cache = new SessionCache<int, FakeSession>(2, key => new FakeSession(key));
        var lease = cache.Acquire(1);
        lease.Dispose();

        cache.Dispose();

        Assert.True(lease.Session.IsDisposed);
    }
}
