using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using Xunit;

namespace SegBatch.Tests.Detection;

public sealed class DetectionPoolTests
{
    [Fact]
    public async Task A_list_comes_back_empty_and_once()
    {
        using var frames = new FramePool(2);
        using var pool = new DetectionPool();
        var list = pool.Rent();
        list.Items.Add(new DetectedObject(new Box(0, 0, 1, 1), 0.5f, 0, default));
        list.Runs.Add(4);
        var frame = new DetectedFrame(await frames.RentAsync(TestContext.Current.CancellationToken), list);
        Assert.Equal(1, pool.Outstanding);

        frame.Dispose();
        frame.Dispose();
        Assert.Equal((0, 0), (pool.Outstanding, frames.Outstanding));
        Assert.Throws<ObjectDisposedException>(() => frame.Detections);

        var (first, second) = (pool.Rent(), pool.Rent());
        Assert.Same(list, first);
        Assert.NotSame(first, second); // given back twice it would be handed out twice
        Assert.Empty(first.Items);
        Assert.Equal(0, first.Runs.Take().Length);
        Assert.Equal(2, pool.Outstanding);
    }
}
