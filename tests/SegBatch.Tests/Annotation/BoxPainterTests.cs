using SegBatch.Annotation;
using Xunit;

namespace SegBatch.Tests.Annotation;

public class BoxPainterTests
{
    private static readonly YuvColor Color = new(200, 30, 250);

    [Theory]
    [InlineData(768, 576, 2)] // 2.02
    [InlineData(1920, 1080, 5)] // 4.50
    [InlineData(3840, 2160, 9)] // 9.00
    [InlineData(64, 48, 2)]
    public void Line_width_follows_the_reference(int width, int height, int expected) =>
        Assert.Equal(expected, BoxPainter.LineWidth(new(width, height)));

    [Theory]
    [InlineData(10, 8, 40, 30, 2)]
    [InlineData(11.4f, 7.6f, 40.6f, 30.5f, 3)]
    [InlineData(-20, -20, 200, 200, 3)]
    [InlineData(-5, 10, 20, 90, 4)]
    [InlineData(10, 10, 10, 10, 3)]
    [InlineData(12, 12, 14, 13, 5)]
    [InlineData(60, 44, 64, 48, 1)]
    [InlineData(500, 500, 600, 600, 2)]
    public void Four_sides_lie_on_the_edges(float x1, float y1, float x2, float y2, int lineWidth)
    {
        var picture = new TestPicture(63, 47);
        var expected = picture.Copy();
        var half = lineWidth / 2;
        var (left, top, right, bottom) = (Round(x1) - half, Round(y1) - half, Round(x2) + lineWidth - half, Round(y2) + lineWidth - half);
        var before = picture.Copy();
        BoxPainter.Paint(picture.View, new(x1, y1, x2, y2), Color, lineWidth);
        expected.Mix(Color, OnLine, 256, 256);
        Assert.Equal(expected.Y, picture.Y);
        for (var i = 0; i < picture.U.Length; i++)
        {
            // Where two sides meet within one chroma sample, their shares are mixed one after the other: only the rest is exact.
            if (expected.U[i] == before.U[i])
            {
                Assert.Equal(expected.U[i], picture.U[i]);
            }
        }

        bool OnLine(int x, int y) =>
            x >= left
            && x < right
            && y >= top
            && y < bottom
            && (x < left + lineWidth || x >= right - lineWidth || y < top + lineWidth || y >= bottom - lineWidth);
        static int Round(float value) => (int)MathF.Round(value);
    }

    [Theory]
    [InlineData(float.NaN, 3, 10, 10)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity, float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(-1e30f, 5, 1e30f, 9)]
    [InlineData(30, 30, 10, 10)]
    public void Wild_boxes_do_no_harm(float x1, float y1, float x2, float y2)
    {
        var picture = new TestPicture(33, 25);
        var padding = picture.Y[33];
        BoxPainter.Paint(picture.View, new(x1, y1, x2, y2), Color, 3);
        Assert.Equal(padding, picture.Y[33]);
    }

    [Theory]
    [InlineData(0, 0, 63, 47)]
    [InlineData(3, 5, 4, 6)]
    [InlineData(3, 5, 20, 31)]
    [InlineData(62, 46, 63, 47)]
    [InlineData(-9, -9, 5, 5)]
    public void A_filled_rectangle_mixes_chroma_by_its_share(int x1, int y1, int x2, int y2)
    {
        var picture = new TestPicture(63, 47);
        var expected = picture.Copy();
        new PixelRect(x1, y1, x2, y2).Fill(picture.View, Color, 128);
        expected.Mix(Color, (x, y) => x >= x1 && x < x2 && y >= y1 && y < y2, 128, 128);
        Assert.Equal(expected.Y, picture.Y);
        Assert.Equal(expected.U, picture.U);
    }
}
