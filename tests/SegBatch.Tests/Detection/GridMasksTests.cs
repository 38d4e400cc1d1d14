using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>Masks from maps over the input are those of evaluating every pixel, however the frame lies in the input.</summary>
public sealed class GridMasksTests
{
    /// <summary>So close to the threshold that single precision may see the other side.</summary>
    private const double Tie = 1e-4;

    private static readonly FrameSize s_input = new(160, 96);

    public static TheoryData<string, int, int, int, int> Geometries() =>
        new()
        {
            { "centre", 320, 180, 160, 96 },
            { "centre", 90, 203, 40, 24 },
            { "top left", 320, 100, 160, 96 },
            { "top left", 61, 90, 80, 48 },
            { "stretch", 300, 111, 40, 24 },
            { "stretch", 37, 90, 41, 23 },
            { "same", 160, 96, 160, 96 },
        };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Every_pixel_is_that_of_the_definition(string how, int width, int height, int mapWidth, int mapHeight)
    {
        const float threshold = 0.5f;
        var source = new FrameSize(width, height);
        var letterbox = how switch
        {
            "stretch" => LetterboxTransform.Stretch(source, s_input),
            "top left" => LetterboxTransform.Square(source, s_input).AtTopLeft(),
            _ => LetterboxTransform.Square(source, s_input),
        };
        var random = new Random(width + height);
        var size = new FrameSize(mapWidth, mapHeight);
        var masks = new GridMasks(threshold);
        using var runs = new RunBuffer();
        var set = 0L;
        for (var i = 0; i < 20; i++)
        {
            // A blob of random values in a map of zeros; now and then at the map's edge.
            var map = new float[size.Area];
            var (left, top) = (random.Next(-5, mapWidth - 3), random.Next(-5, mapHeight - 3));
            for (var y = Math.Max(0, top); y < Math.Min(mapHeight, top + 12); y++)
            {
                for (var x = Math.Max(0, left); x < Math.Min(mapWidth, left + 15); x++)
                {
                    map[(y * mapWidth) + x] = random.NextSingle();
                }
            }

            float[] less = [.. map.Select(value => value - threshold)];
            var logits = PixelwiseMask.Logits([1f], less, size, letterbox, new Box(0, 0, width, height), MaskMode.Exact);
            var found = masks.TryAppend(map, size, letterbox, runs, out var mask);
            Assert.Equal(logits.Any(value => value > Tie), found && mask.Area > 0 && logits.Any(value => value > Tie));
            var bitmap = new byte[source.Area];
            if (found)
            {
                mask.Validate();
                mask.ToBitmap(bitmap);
            }

            for (var pixel = 0; pixel < bitmap.Length; pixel++)
            {
                if (Math.Abs(logits[pixel]) > Tie)
                {
                    Assert.True(logits[pixel] > 0 == (bitmap[pixel] != 0), $"object {i}, pixel {pixel}, {logits[pixel]}");
                }
            }

            set += bitmap.Count(bit => bit != 0);
        }

        Assert.True(set > 50, $"only {set} pixels were set");
    }

    [Fact]
    public void A_map_without_a_value_above_the_threshold_is_no_mask()
    {
        using var runs = new RunBuffer();
        var letterbox = LetterboxTransform.Square(new(20, 20), new(16, 16));
        Assert.False(new GridMasks(0.5f).TryAppend(Enumerable.Repeat(0.5f, 256).ToArray(), new(16, 16), letterbox, runs, out _));
    }

    [Fact]
    public void What_lies_in_the_padding_alone_is_no_mask()
    {
        using var runs = new RunBuffer();
        var letterbox = LetterboxTransform.Square(new(160, 40), new(160, 160)); // 60 rows above and below
        var map = new float[160 * 160];
        Array.Fill(map, 1f, 0, 160 * 50);
        Assert.False(new GridMasks(0.5f).TryAppend(map, new(160, 160), letterbox, runs, out _));
    }
}
