using SegBatch.Annotation;
using SegBatch.Decoding;
using Xunit;

namespace SegBatch.Tests.Annotation;

public class TracePainterTests
{
    private static readonly Palette Palette = new(new ColorSpec(ColorMatrix.Bt601, false));

    [Fact]
    public void Draws_the_way_of_the_foot_point_and_fades_to_its_older_end()
    {
        var picture = Black(100, 60);
        var painter = new TracePainter(2);
        for (var i = 0; i <= 8; i++)
        {
            painter.Add(3, new(10 * i, 10, 10 * i + 4, 40), i * 0.25, color: 2); // foot point at x = 10 i + 2, y = 40
        }

        painter.Paint(picture.View, Palette, 2, 4);
        var white = Palette.Color(2).Y;
        Assert.Equal(white, At(picture, 81, 40), tolerance: 6.0);
        Assert.InRange(At(picture, 41, 40), white / 3, 2 * white / 3);
        Assert.InRange(At(picture, 16, 40), 0, white / 5);
        Assert.Equal(0, At(picture, 60, 30));
        Assert.Equal(0, At(picture, 60, 50));
    }

    [Fact]
    public void Forgets_what_is_older_than_the_limit()
    {
        var painter = new TracePainter(1);
        painter.Add(1, new(0, 0, 20, 20), 0, 2);
        painter.Add(1, new(40, 0, 60, 20), 0.5, 2);
        var picture = Black(80, 40);
        painter.Paint(picture.View, Palette, 1.4, 3);
        Assert.Equal(0, picture.Y.Max());
        painter.Paint(picture.View, Palette, 9, 3);
        Assert.Equal(0, painter.Tracks);
    }

    [Fact]
    public void Points_outside_the_frame_and_beyond_all_numbers_are_safe()
    {
        var picture = Black(31, 17);
        var painter = new TracePainter(2);
        painter.Add(1, new(-500, -500, -400, -300), 0, 1);
        painter.Add(1, new(5, 5, 10, 12), 0.1, 1);
        painter.Add(1, new(1e20f, 0, 1e20f, 1e20f), 0.2, 1);
        painter.Add(1, new(float.NaN, 0, 0, 0), 0.3, 1);
        painter.Paint(picture.View, Palette, 0.3, 3);
        Assert.True(picture.Y.Max() > 0);
    }

    private static TestPicture Black(int width, int height)
    {
        var picture = new TestPicture(width, height);
        Array.Clear(picture.Y);
        return picture;
    }

    private static double At(TestPicture picture, int x, int y) => picture.Y[y * picture.StrideY + x];
}
