using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Masks;

public sealed class PolygonMaskTests
{
    private static readonly FrameSize s_size = new(6, 5);

    [Fact]
    public void A_rectangle_on_pixel_edges_is_its_pixels()
    {
        var mask = PolygonMask.Fill(
            [
                [1, 1, 4, 1, 4, 3, 1, 3],
            ],
            s_size
        );
        mask.Validate();
        Assert.Equal(new Box(1, 1, 4, 3), mask.Bounds);
        Assert.Equal(6, mask.Area);
    }

    [Fact]
    public void A_triangle_holds_the_pixels_whose_centre_is_inside()
    {
        // Below the diagonal y = x of 5 x 5 pixels: column c has the rows whose centre is below the line, from c + 1 on, its own excluded.
        var mask = PolygonMask.Fill(
            [
                [0, 0.25, 5, 5.25, 0, 5.25],
            ],
            s_size
        );
        Assert.Equal(4 + 3 + 2 + 1, mask.Area);
    }

    [Fact]
    public void Parts_add_up_and_what_lies_outside_is_cut_off()
    {
        var mask = PolygonMask.Fill(
            [
                [-5, -5, 2, -5, 2, 2, -5, 2],
                [5, 4, 9, 4, 9, 9, 5, 9],
            ],
            s_size
        );
        mask.Validate();
        Assert.Equal(4 + 1, mask.Area);
    }

    [Fact]
    public void A_line_is_refused() =>
        Assert.Throws<FormatException>(() =>
            PolygonMask.Fill(
                [
                    [1, 1, 2, 2],
                ],
                s_size
            )
        );
}
