using SegBatch.Geometry;
using SegBatch.Masks;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.Tests.Tracking;

/// <summary>Shapes are held against bitmaps, pixel by pixel.</summary>
public sealed class MaskShapeTests
{
    private static readonly FrameSize s_size = new(23, 17);

    [Fact]
    public void Overlap_and_area_are_those_of_the_bitmaps()
    {
        var random = new Random(4);
        var (a, b) = (new MaskShape(), new MaskShape());
        for (var round = 0; round < 300; round++)
        {
            var (bitmapA, bitmapB) = (Bitmap(random), Bitmap(random));
            var (dx, dy) = (random.Next(-25, 26), random.Next(-20, 21));
            a.Take(RleMask.FromBitmap(bitmapA, s_size));
            b.Take(RleMask.FromBitmap(bitmapB, s_size));
            var (shared, inside) = (0, 0);
            for (var y = 0; y < s_size.Height; y++)
            {
                for (var x = 0; x < s_size.Width; x++)
                {
                    var (fromX, fromY) = (x - dx, y - dy);
                    var isSet =
                        fromX >= 0
                        && fromX < s_size.Width
                        && fromY >= 0
                        && fromY < s_size.Height
                        && bitmapA[(fromY * s_size.Width) + fromX] != 0;
                    inside += isSet ? 1 : 0;
                    shared += isSet && bitmapB[(y * s_size.Width) + x] != 0 ? 1 : 0;
                }
            }

            Assert.Equal(bitmapA.Count(pixel => pixel != 0), a.Area);
            Assert.Equal(shared, a.Intersection(dx, dy, b));
            Assert.Equal(inside, a.AreaInside(dx, dy, s_size));
        }
    }

    [Fact]
    public void A_copy_stays_when_its_original_is_used_again()
    {
        var random = new Random(5);
        var (original, copy) = (new MaskShape(), new MaskShape());
        original.Take(RleMask.FromBitmap(Bitmap(random), s_size));
        copy.CopyFrom(original);
        var (area, left, bottom) = (original.Area, original.Left, original.Bottom);
        original.Take(new Box(1, 1, 3, 3));
        Assert.Equal((area, left, bottom), (copy.Area, copy.Left, copy.Bottom));
        Assert.Equal(area, copy.Intersection(0, 0, copy));
        Assert.Equal(4, original.Area);
    }

    /// <summary>A rectangle with holes, so that columns have several spans and some reach over the frame's height.</summary>
    private static byte[] Bitmap(Random random)
    {
        var bitmap = new byte[s_size.Area];
        var (left, top) = (random.Next(s_size.Width), random.Next(s_size.Height));
        var (right, bottom) = (
            random.Next(left, s_size.Width) + 1,
            random.Next(3) == 0 ? s_size.Height : random.Next(top, s_size.Height) + 1
        );
        top = random.Next(3) == 0 ? 0 : top;
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                bitmap[(y * s_size.Width) + x] = random.Next(5) == 0 ? (byte)0 : (byte)1;
            }
        }

        return bitmap;
    }
}
