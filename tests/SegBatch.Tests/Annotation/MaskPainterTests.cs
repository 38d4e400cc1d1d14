using SegBatch.Annotation;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Annotation;

public class MaskPainterTests
{
    private static readonly YuvColor Color = new(200, 30, 250);

    [Theory]
    [InlineData(64, 48, 1)]
    [InlineData(131, 77, 2)]
    [InlineData(1, 1, 3)]
    [InlineData(3, 200, 4)]
    public void Row_spans_are_the_pixels_of_the_mask(int width, int height, int seed)
    {
        var converter = new RowSpans();
        foreach (var inside in Shapes(width, height, seed))
        {
            var seen = new int[width, height];
            foreach (var span in converter.Convert(TestPicture.Mask(width, height, inside)))
            {
                for (var x = span.X1; x < span.X2; x++)
                {
                    seen[x, span.Y]++;
                }
            }

            for (var x = 0; x < width; x++)
            {
                for (var y = 0; y < height; y++)
                {
                    Assert.Equal(inside(x, y) ? 1 : 0, seen[x, y]);
                }
            }
        }
    }

    [Fact]
    public void Counts_of_zero_and_counts_that_stop_early_are_understood()
    {
        // Columns of 4: 0110, 1111, 1100; "2,0,1" joins two runs, and the last zeros are left out.
        var mask = new RleMask(new(4, 4), new[] { 1, 1, 0, 1, 1, 6 });
        var spans = new RowSpans().Convert(mask).ToArray();
        Assert.Equal(8, spans.Sum(span => span.X2 - span.X1));
        Assert.Contains(new RowSpan(0, 1, 3), spans);
        Assert.Contains(new RowSpan(1, 0, 3), spans);
        Assert.Contains(new RowSpan(2, 0, 2), spans);
        Assert.Contains(new RowSpan(3, 1, 2), spans);
    }

    [Theory]
    [InlineData(96, 64, 96, 128)]
    [InlineData(131, 77, 256, 256)]
    [InlineData(131, 78, 0, 77)]
    [InlineData(1, 1, 128, 128)]
    [InlineData(7, 5, 128, 128)]
    public void Tints_what_the_mask_covers_and_nothing_else(int width, int height, int lumaWeight, int chromaWeight)
    {
        var (converter, painter) = (new RowSpans(), new MaskPainter());
        foreach (var inside in Shapes(width, height, width))
        {
            var picture = new TestPicture(width, height);
            var expected = picture.Copy();
            painter.Paint(picture.View, converter.Convert(TestPicture.Mask(width, height, inside)), Color, lumaWeight, chromaWeight);
            expected.Mix(Color, inside, lumaWeight, chromaWeight);
            Assert.Equal(expected.Y, picture.Y);
            Assert.Equal(expected.U, picture.U);
            Assert.Equal(expected.V, picture.V);
        }
    }

    [Fact]
    public void A_mask_larger_than_the_picture_is_cut()
    {
        var picture = new TestPicture(33, 21);
        var expected = picture.Copy();
        new MaskPainter().Paint(picture.View, new RowSpans().Convert(TestPicture.Mask(80, 60, (_, _) => true)), Color, 128, 128);
        expected.Mix(Color, (_, _) => true, 128, 128);
        Assert.Equal(expected.Y, picture.Y);
        Assert.Equal(expected.U, picture.U);
    }

    [Theory]
    [InlineData(64, 48)]
    [InlineData(65, 49)]
    public void The_contour_is_every_pixel_with_a_neighbour_outside(int width, int height)
    {
        foreach (var inside in Shapes(width, height, 9))
        {
            var picture = new TestPicture(width, height);
            var expected = picture.Copy();
            var mask = TestPicture.Mask(width, height, inside);
            ContourPainter.Paint(picture.View, mask, new RowSpans().Convert(mask), Color, 1);
            expected.Mix(Color, (x, y) => inside(x, y) && !(In(x - 1, y) && In(x + 1, y) && In(x, y - 1) && In(x, y + 1)), 256, 0);
            Assert.Equal(expected.Y, picture.Y);

            bool In(int x, int y) => x >= 0 && x < width && y >= 0 && y < height && inside(x, y);
        }
    }

    [Fact]
    public void A_thick_contour_stays_in_the_picture()
    {
        var picture = new TestPicture(17, 13);
        var mask = TestPicture.Mask(17, 13, (_, _) => true);
        ContourPainter.Paint(picture.View, mask, new RowSpans().Convert(mask), Color, 4);
        Assert.Equal(Color.Y, picture.Y[0]);
        Assert.Equal(Color.Y, picture.Y[12 * picture.StrideY + 16]);
        Assert.NotEqual(Color.Y, picture.Y[6 * picture.StrideY + 8]);
    }

    private static IEnumerable<Func<int, int, bool>> Shapes(int width, int height, int seed)
    {
        var noise = new byte[width * height];
        new Random(seed).NextBytes(noise);
        yield return (_, _) => false;
        yield return (_, _) => true;
        yield return (x, y) => Math.Pow((x - width / 2.0) / (width / 2.5), 2) + Math.Pow((y - height / 2.0) / (height / 3.0), 2) < 1;
        yield return (x, y) => x >= width / 3 && y >= height / 3; // runs that touch the bottom and the right edge
        yield return (x, y) => (x / 5 + y / 3) % 2 == 0;
        yield return (x, y) => noise[y * width + x] < 128;
        yield return (x, y) => noise[y * width + x] < 8;
    }
}
