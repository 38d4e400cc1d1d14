using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using SegBatch.Native;
using Xunit;

namespace SegBatch.Tests.Inference;

/// <summary>Who owns frames and tensors on the way from letterbox to detection. NativeBuffers counts are process-wide, hence no parallel class.</summary>
[Collection("native memory")]
public class TensorBatchTests
{
    private static readonly FrameSize s_input = new(64, 32);
    private static readonly LetterboxTransform s_letterbox = LetterboxTransform.Square(new(128, 64), s_input);

    [Fact]
    public void Buffers_are_aligned_zeroed_and_counted()
    {
        var before = NativeBuffers.Outstanding;
        var buffer = new NativeBuffer<float>(1000);

        Assert.Equal(before + 1, NativeBuffers.Outstanding);
        Assert.Equal(-1, buffer.GetSpan().IndexOfAnyExcept(0f));
        buffer.Dispose();
        buffer.Dispose();

        Assert.Equal(before, NativeBuffers.Outstanding);
        Assert.Throws<ObjectDisposedException>(() => buffer.GetSpan().Length);
    }

    [Fact]
    public async Task Tensors_are_used_again_and_frames_go_with_the_batch()
    {
        using var frames = new FramePool(4);
        using var pool = new TensorPool(2, s_input);
        var batch = pool.Rent();
        batch.Add(await frames.RentAsync(TestContext.Current.CancellationToken), s_letterbox);
        Assert.Equal(0, pool.Outstanding); // none while it waits to be filled
        batch.Slot(0).Span.Fill(1);
        batch.Slot(1).Span.Fill(2);

        batch.ClearUnusedSlots();
        Assert.Equal(-1, batch.Slot(0).Span.IndexOfAnyExcept(1f));
        Assert.Equal(-1, batch.Slot(1).Span.IndexOfAnyExcept(0f));
        Assert.Equal(2 * 3 * 64 * 32, batch.Tensor.Length);

        batch.Dispose();
        batch.Dispose();
        Assert.Equal((0, 0), (frames.Outstanding, pool.Outstanding));
        Assert.Throws<ObjectDisposedException>(() => batch.Tensor);
        using var again = pool.Rent();
        Assert.Equal(1f, again.Slot(0).Span[0]); // the same memory, not cleared
    }

    [Fact]
    public async Task What_does_not_fit_stays_with_the_caller()
    {
        using var frames = new FramePool(4);
        using var pool = new TensorPool(1, s_input);
        using var batch = pool.Rent();
        using var misfit = await frames.RentAsync(TestContext.Current.CancellationToken);

        Assert.Throws<ArgumentException>(() => batch.Add(misfit, LetterboxTransform.Square(new(128, 64), new(64, 64))));
        Assert.Equal(0, batch.Count);
        batch.Add(await frames.RentAsync(TestContext.Current.CancellationToken), s_letterbox);
        Assert.Throws<InvalidOperationException>(() => batch.Add(misfit, s_letterbox));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Slot(1));
        Assert.Equal(2, frames.Outstanding);
    }

    [Fact]
    public async Task Predictions_take_the_frames_and_give_the_tensor_back()
    {
        using var frames = new FramePool(4);
        using var pool = new TensorPool(2, s_input);
        var batch = pool.Rent();
        batch.Add(await frames.RentAsync(TestContext.Current.CancellationToken), s_letterbox);
        batch.Add(await frames.RentAsync(TestContext.Current.CancellationToken), s_letterbox);
        var memory = new NativeBuffer<float>(8);
        var before = NativeBuffers.Outstanding;

        var predictions = new RawPredictions(batch, [new(memory.Memory, [2, 4])], memory);

        Assert.Equal((2, 0), (frames.Outstanding, pool.Outstanding));
        Assert.Equal(4, predictions.Outputs[0].Of(1).Length);
        Assert.Equal(s_letterbox, predictions.Letterbox(1));
        var taken = predictions.TakeFrame(1);
        Assert.Throws<InvalidOperationException>(() => predictions.Frame(1));
        predictions.Dispose();
        predictions.Dispose();
        Assert.Equal(1, frames.Outstanding);
        Assert.Equal(before - 1, NativeBuffers.Outstanding);
        taken.Dispose();
        Assert.Equal(0, frames.Outstanding);
    }

    [Fact]
    public void Pools_free_what_a_fault_left_behind()
    {
        var before = NativeBuffers.Outstanding;
        var pool = new TensorPool(1, s_input);
        var (lost, back, empty) = (pool.Rent(), pool.Rent(), pool.Rent());
        lost.Slot(0).Span.Fill(1);
        back.Slot(0).Span.Fill(1);
        Assert.Equal(before + 2, NativeBuffers.Outstanding);
        back.Dispose();

        pool.Dispose();
        pool.Dispose();
        lost.Dispose(); // late, and harmless

        Assert.Equal(before, NativeBuffers.Outstanding);
        Assert.Throws<ObjectDisposedException>(() => empty.Tensor);
    }
}
