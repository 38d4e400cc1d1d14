using SegBatch.Geometry;
using SegBatch.Motion;
using Xunit;

namespace SegBatch.Tests.Motion;

/// <summary>The default mode on pictures whose motion is known, up to the sizes and motions it is meant for.</summary>
public sealed class DrawnMotionTests
{
    private static readonly FrameSize FullHd = new(1920, 1080);

    [Theory]
    [InlineData(1920, 1080, 0, 1, 0, 0)]
    [InlineData(1920, 1080, 0, 1, 37.4, -21.7)] // a pan
    [InlineData(1920, 1080, 2, 1, 12, 5)] // degrees
    [InlineData(1920, 1080, -0.7, 1.03, -14, 9)]
    [InlineData(1280, 721, 1, 0.97, 8.5, -3.25)]
    [InlineData(606, 1080, 0.5, 1.01, -11, 17)] // upright
    [InlineData(320, 180, 1, 0.99, 2.2, -1.6)]
    public void The_motion_is_found_to_half_a_pixel(int width, int height, double degrees, double scale, double x, double y)
    {
        var size = new FrameSize(width, height);
        var truth = About(size, degrees, scale, x, y);
        var pair = DrawnMotion.Draw(size, truth);
        Assert.InRange(pair.Distance(truth, pair.Default()), 0, 0.5);
    }

    /// <summary>Two fifths of the picture move otherwise, and are not taken for the background.</summary>
    [Fact]
    public void What_moves_otherwise_is_outvoted()
    {
        var truth = About(FullHd, 0.4, 1.01, -6, 3);
        var pair = DrawnMotion.Draw(FullHd, truth, others: 0.4);
        Assert.InRange(pair.Distance(truth, pair.Default()), 0, 0.75);
    }

    [Fact]
    public void A_flat_picture_does_not_move()
    {
        var size = new FrameSize(640, 360);
        var gray = new byte[size.Area];
        Assert.Equal(AffineMotion.Identity, new MotionPair(size, gray, gray).Default());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 700)]
    [InlineData(5000, 9)]
    [InlineData(17, 3)]
    public void A_picture_of_any_size_is_taken(int width, int height)
    {
        var size = new FrameSize(width, height);
        var gray = new byte[size.Area];
        new Random(7).NextBytes(gray);
        var pair = new MotionPair(size, gray, gray);
        Assert.InRange(pair.Distance(AffineMotion.Identity, pair.Default()), 0, 0.01);
    }

    /// <summary>Sizes and places at which vectors end and single samples begin.</summary>
    [Theory]
    [InlineData(1300, 37)]
    [InlineData(1957, 1083)]
    [InlineData(641, 640)]
    [InlineData(10_250, 33)]
    public void The_reduced_picture_is_the_mean_of_squares(int width, int height)
    {
        var size = new FrameSize(width, height);
        var gray = new byte[size.Area];
        new Random(3).NextBytes(gray);
        var reduction = new GrayReduction(size, FlowSettings.LongestSide);
        var plane = new GrayPlane(reduction.Size);
        reduction.Reduce(new Decoding.YuvPicture(size, default, gray, width, default, default, 0), plane);
        var side = reduction.Factor;
        Assert.True(side > 1);
        for (var y = 0; y < reduction.Size.Height; y++)
        {
            for (var x = 0; x < reduction.Size.Width; x++)
            {
                var sum = 0;
                for (var i = 0; i < side * side; i++)
                {
                    sum += gray[(y * side + i / side) * width + x * side + i % side];
                }

                Assert.Equal((sum + side * side / 2) / (side * side), plane.Row(y)[x]);
            }
        }
    }

    /// <summary>Turned and scaled about the middle of the picture, then shifted.</summary>
    private static AffineMotion About(FrameSize size, double degrees, double scale, double x, double y)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var (a, c) = (scale * cos, scale * sin);
        var (middleX, middleY) = (size.Width / 2.0, size.Height / 2.0);
        return new(a, -c, middleX - a * middleX + c * middleY + x, c, a, middleY - c * middleX - a * middleY + y);
    }
}
