using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Masks;

public sealed class RleMaskTests
{
    [Theory]
    [InlineData(0, 5, new int[0], "no pixels")]
    [InlineData(4, 3, new[] { 5, 6 }, "add up to 11, expected 12")]
    [InlineData(4, 3, new[] { 5, -1, 8 }, "negative: -1")]
    [InlineData(4, 3, new[] { int.MaxValue, int.MaxValue, 14 }, "add up to 4294967308")]
    public void Counts_that_do_not_fill_the_frame_are_refused(int width, int height, int[] counts, string reason)
    {
        var error = Assert.Throws<FormatException>(() => new RleMask(new(width, height), counts).Validate());
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bitmaps_of_another_size_are_refused()
    {
        Assert.Throws<ArgumentException>(() => RleMask.FromBitmap(new byte[11], new FrameSize(4, 3)));
        Assert.Throws<ArgumentException>(() => new RleMask(new(4, 3), new[] { 12 }).ToBitmap(new byte[13]));
    }

    [Fact]
    public void A_copy_outlives_the_buffer()
    {
        int[] buffer = [2, 3, 7];
        var copy = new RleMask(new(4, 3), buffer).Copy();
        buffer[1] = 0;
        Assert.Equal(3, copy.Area);
    }
}
