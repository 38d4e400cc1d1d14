using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>Masks over boxes are those of sampling the map at every pixel's centre, with zeros around the map.</summary>
public sealed class RegionMasksTests
{
    private const double Tie = 1e-4;

    private static readonly FrameSize s_frame = new(120, 80);

    [Theory]
    [InlineData(28, 10.25f, 20.5f, 61.75f, 70.125f)]
    [InlineData(28, -7.5f, -3.25f, 30.5f, 40.75f)] // leaves the frame at the top left
    [InlineData(28, 90.3f, 50.7f, 140.2f, 95.9f)] // and at the bottom right
    [InlineData(14, 3f, 3f, 9.5f, 8.25f)] // fewer pixels than cells
    [InlineData(112, 0f, 0f, 120f, 80f)]
    [InlineData(28, 50.2f, 10f, 50.9f, 60f)] // narrower than a pixel
    public void Every_pixel_is_that_of_the_definition(int side, float x1, float y1, float x2, float y2)
    {
        var random = new Random(side);
        var box = new Box(x1, y1, x2, y2);
        var size = new FrameSize(side, side);
        using var runs = new RunBuffer();
        var masks = new RegionMasks(0.5f);
        var set = 0;
        for (var i = 0; i < 10; i++)
        {
            float[] map = [.. Enumerable.Range(0, side * side).Select(_ => i == 0 ? 1f : random.NextSingle())];
            var bitmap = new byte[s_frame.Area];
            if (masks.TryAppend(map, size, box, s_frame, runs, out var mask))
            {
                mask.Validate();
                mask.ToBitmap(bitmap);
            }

            for (var y = 0; y < s_frame.Height; y++)
            {
                for (var x = 0; x < s_frame.Width; x++)
                {
                    var value = Sample(map, side, ((x + 0.5 - x1) / (x2 - x1) * side) - 0.5, ((y + 0.5 - y1) / (y2 - y1) * side) - 0.5);
                    if (Math.Abs(value - 0.5) > Tie)
                    {
                        Assert.True(value > 0.5 == (bitmap[(y * s_frame.Width) + x] != 0), $"map {i}, pixel {x},{y}: {value}");
                    }
                }
            }

            set += bitmap.Count(bit => bit != 0);
        }

        Assert.True(set > 0 || x2 - x1 < 1, "nothing was set");
    }

    [Theory]
    [InlineData(10f, 10f, 10f, 20f)]
    [InlineData(130f, 10f, 140f, 20f)]
    [InlineData(float.NaN, 10f, 140f, 20f)]
    public void A_box_without_a_pixel_is_no_mask(float x1, float y1, float x2, float y2)
    {
        using var runs = new RunBuffer();
        float[] map = [.. Enumerable.Repeat(1f, 784)];
        Assert.False(new RegionMasks(0.5f).TryAppend(map, new(28, 28), new Box(x1, y1, x2, y2), s_frame, runs, out _));
    }

    private static double Sample(float[] map, int side, double x, double y)
    {
        var (x0, y0) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (u, v) = (x - x0, y - y0);
        return ((1 - v) * (((1 - u) * At(x0, y0)) + (u * At(x0 + 1, y0)))) + (v * (((1 - u) * At(x0, y0 + 1)) + (u * At(x0 + 1, y0 + 1))));

        double At(int column, int row) => column >= 0 && row >= 0 && column < side && row < side ? map[(row * side) + column] : 0;
    }
}
