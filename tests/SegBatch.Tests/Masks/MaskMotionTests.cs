using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Masks;

public sealed class MaskMotionTests
{
    private static readonly FrameSize s_size = new(37, 23);

    /// <summary>Pixel by pixel: set where the centre comes from a set pixel.</summary>
    [Fact]
    public void Every_pixel_comes_from_the_one_its_centre_maps_to()
    {
        var random = new Random(3);
        var bitmap = new byte[s_size.Area];
        for (var round = 0; round < 300; round++)
        {
            for (var i = 0; i < bitmap.Length; i++)
            {
                bitmap[i] = random.NextDouble() < 0.4 ? (byte)1 : (byte)0;
            }

            var from = RandomBox(random);
            var to = RandomBox(random);
            var moved = MaskMotion.Moved(RleMask.FromBitmap(bitmap, s_size), from, to);
            moved.Validate();
            var found = new byte[s_size.Area];
            moved.ToBitmap(found);
            for (var y = 0; y < s_size.Height; y++)
            {
                for (var x = 0; x < s_size.Width; x++)
                {
                    var (sourceX, sourceY) = (
                        Source(x, to.X1, to.Width, from.X1, from.Width),
                        Source(y, to.Y1, to.Height, from.Y1, from.Height)
                    );
                    var inside = sourceX >= 0 && sourceX < s_size.Width && sourceY >= 0 && sourceY < s_size.Height;
                    var expected = inside ? bitmap[(int)sourceY * s_size.Width + (int)sourceX] : 0;
                    Assert.True(expected == found[y * s_size.Width + x], $"round {round}: pixel {x}, {y}");
                }
            }
        }

        static double Source(int pixel, double to, double toLength, double from, double fromLength) =>
            Math.Floor(from + (pixel + 0.5 - to) * fromLength / toLength);

        // Quarters keep pixel centres off the edges of pixels, where either side is right.
        static Box RandomBox(Random random)
        {
            var (x, y) = (random.Next(-10, 37) + 0.13f, random.Next(-10, 23) + 0.29f);
            return new Box(x, y, x + 1 + random.Next(30), y + 1 + random.Next(20));
        }
    }

    [Fact]
    public void An_empty_mask_stays_empty_and_whole_pixels_move_exactly()
    {
        var empty = new RleMask(s_size, new[] { (int)s_size.Area });
        Assert.Equal(0, MaskMotion.Moved(empty, new Box(0, 0, 5, 5), new Box(3, 3, 8, 8)).Area);

        var bitmap = new byte[s_size.Area];
        bitmap[2 * s_size.Width + 4] = 1;
        var moved = MaskMotion.Moved(RleMask.FromBitmap(bitmap, s_size), new Box(4, 2, 5, 3), new Box(30, 20, 31, 21));
        Assert.Equal(new Box(30, 20, 31, 21), moved.Bounds);
        Assert.Equal(0, MaskMotion.Moved(moved, new Box(30, 20, 31, 21), new Box(40, 20, 41, 21)).Area);
    }
}
