using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Masks;

public sealed class MaskBoundaryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void The_boundary_is_what_is_near_an_unset_pixel(int distance)
    {
        var random = new Random(distance);
        for (var round = 0; round < 30; round++)
        {
            // Higher than a word of 64 rows, with holes, and up to the frame's edges.
            var size = new FrameSize(random.Next(20, 60), random.Next(60, 150));
            var bitmap = new byte[size.Area];
            Array.Fill(bitmap, (byte)1, 0, bitmap.Length - random.Next(4 * size.Width));
            for (var hole = random.Next(12); hole > 0; hole--)
            {
                bitmap[random.Next(bitmap.Length)] = 0;
            }

            var expected = new byte[bitmap.Length];
            for (var i = 0; i < bitmap.Length; i++)
            {
                expected[i] = (byte)(bitmap[i] != 0 && IsNear(bitmap, size, i % size.Width, i / size.Width, distance) ? 1 : 0);
            }

            var actual = new byte[bitmap.Length];
            MaskBoundary.Of(RleMask.FromBitmap(bitmap, size), distance).ToBitmap(actual);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void An_empty_mask_has_no_boundary()
    {
        var boundary = MaskBoundary.Of(new RleMask(new FrameSize(4, 3), new[] { 12 }), 1);
        Assert.Equal(0, boundary.Area);
        boundary.Validate();
    }

    private static bool IsNear(byte[] bitmap, FrameSize size, int x, int y, int distance)
    {
        for (var v = y - distance; v <= y + distance; v++)
        {
            for (var u = x - distance; u <= x + distance; u++)
            {
                if (u < 0 || v < 0 || u >= size.Width || v >= size.Height || bitmap[(v * size.Width) + u] == 0)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
