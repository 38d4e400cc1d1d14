using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>Run lengths from sign changes are those of evaluating every pixel.</summary>
public sealed class PrototypeMasksTests
{
    private const int Maps = 8;

    /// <summary>So close to 0 that single precision may see the other sign.</summary>
    private const double Tie = 1e-4;

    /// <summary>Source and input sizes: padded on either side, odd pads, much larger and much smaller frames than the map.</summary>
    public static TheoryData<int, int, int, int, MaskMode> Geometries()
    {
        var data = new TheoryData<int, int, int, int, MaskMode>();
        foreach (var mode in new[] { MaskMode.Exact, MaskMode.Reference })
        {
            data.Add(320, 180, 160, 160, mode);
            data.Add(90, 203, 160, 160, mode);
            data.Add(160, 96, 160, 96, mode);
            data.Add(33, 20, 160, 96, mode);
            data.Add(9, 7, 160, 160, mode);
            data.Add(1, 50, 160, 160, mode);
            data.Add(50, 1, 160, 160, mode);
            data.Add(401, 300, 160, 128, mode);
            data.Add(200, 123, 160, 160, mode);
            data.Add(77, 311, 100, 160, mode); // a map width that is no multiple of a vector
            data.Add(700, 500, 640, 480, mode); // more grid rows than one machine word
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Every_pixel_is_that_of_the_definition(int width, int height, int inputWidth, int inputHeight, MaskMode mode)
    {
        var letterbox = LetterboxTransform.Square(new FrameSize(width, height), new FrameSize(inputWidth, inputHeight));
        Compare(letterbox, mode, Tie, random => (float)((random.NextDouble() * 4) - 2));
    }

    /// <summary>
    /// Whole-numbered logits sampled at eighths and sixteenths: no rounding anywhere, many pixels exactly 0, which is not above 0.
    /// </summary>
    [Theory]
    [InlineData(160, 160, MaskMode.Exact)]
    [InlineData(160, 160, MaskMode.Reference)]
    [InlineData(320, 160, MaskMode.Exact)]
    [InlineData(320, 160, MaskMode.Reference)]
    public void Pixels_exactly_on_the_edge_are_outside(int width, int height, MaskMode mode)
    {
        var letterbox = LetterboxTransform.Square(new FrameSize(width, height), new FrameSize(160, 160));
        Compare(letterbox, mode, tie: 0, random => random.Next(-3, 4));
    }

    private static void Compare(LetterboxTransform letterbox, MaskMode mode, double tie, Func<Random, float> value)
    {
        var (width, height) = (letterbox.Source.Width, letterbox.Source.Height);
        var random = new Random((width * 31) + height);
        var size = new FrameSize(letterbox.Input.Width / 4, letterbox.Input.Height / 4);
        float[] prototypes = [.. Enumerable.Range(0, Maps * (int)size.Area).Select(_ => value(random))];
        var masks = new PrototypeMasks(mode);
        using var runs = new RunBuffer();
        var (set, clear) = (0L, 0L);
        var objects = width * height > 100_000 ? 6 : 40;
        for (var i = 0; i < objects; i++)
        {
            float[] coefficients = [.. Enumerable.Range(0, Maps).Select(_ => value(random))];
            var box = RandomBox(random, i, width, height);
            var logits = PixelwiseMask.Logits(coefficients, prototypes, size, letterbox, box, mode);
            var any = masks.TryAppend(coefficients, prototypes, size, letterbox, box, runs, out var mask);
            var bits = any ? Bits(mask) : new bool[width * height];
            for (var pixel = 0; pixel < logits.Length; pixel++)
            {
                var logit = logits[pixel];
                if (bits[pixel] != logit > 0 && !(Math.Abs(logit) < tie))
                {
                    Assert.Fail(
                        $"object {i} {box}: pixel {pixel % width},{pixel / width} with logit {logit} is {(bits[pixel] ? "set" : "clear")}"
                    );
                }

                set += bits[pixel] ? 1 : 0;
                clear += logit <= 0 ? 1 : 0;
            }

            Assert.Equal(any, bits.Contains(true));
        }

        Assert.True(set > 0 && clear > 0, "the objects exercise nothing");
    }

    [Fact]
    public void Runs_of_a_full_frame_mask_join_across_columns()
    {
        var letterbox = LetterboxTransform.Square(new FrameSize(20, 10), new FrameSize(32, 32));
        float[] ones = [.. Enumerable.Repeat(1f, 64)];
        using var runs = new RunBuffer();
        var masks = new PrototypeMasks(MaskMode.Exact);
        Assert.True(masks.TryAppend([1f], ones, new FrameSize(8, 8), letterbox, new Box(0, 0, 20, 10), runs, out var full));
        Assert.Equal([0, 200], full.Counts.ToArray());
        Assert.True(masks.TryAppend([1f], ones, new FrameSize(8, 8), letterbox, new Box(0.1f, 0, 3, 10), runs, out var columns));
        Assert.Equal([10, 20, 170], columns.Counts.ToArray());
    }

    [Fact]
    public void Boxes_without_a_pixel_have_no_mask_and_leave_no_runs()
    {
        var letterbox = LetterboxTransform.Square(new FrameSize(20, 10), new FrameSize(32, 32));
        float[] ones = [.. Enumerable.Repeat(1f, 64)];
        using var runs = new RunBuffer();
        var masks = new PrototypeMasks(MaskMode.Reference);
        Box[] boxes =
        [
            new(5.1f, 1, 5.9f, 9),
            new(20, 0, 30, 10),
            new(-5, -5, 0, 0),
            new(8, 8, 3, 3),
            new(float.NaN, 0, 5, 5),
            new(0, 0, float.NaN, 5),
        ];
        foreach (var box in boxes)
        {
            Assert.False(masks.TryAppend([1f], ones, new FrameSize(8, 8), letterbox, box, runs, out _));
            Assert.False(masks.TryAppend([-1f], ones, new FrameSize(8, 8), letterbox, new Box(0, 0, 20, 10), runs, out _));
        }

        Assert.Equal(0, runs.Take().Length);
    }

    [Fact]
    public void Logits_that_are_not_numbers_set_no_pixel()
    {
        var letterbox = LetterboxTransform.Square(new FrameSize(20, 10), new FrameSize(32, 32));
        float[] broken = [.. Enumerable.Range(0, 64).Select(i => i % 3 == 0 ? float.NaN : float.PositiveInfinity)];
        using var runs = new RunBuffer();
        var masks = new PrototypeMasks(MaskMode.Exact);
        Assert.False(masks.TryAppend([float.NaN], broken, new FrameSize(8, 8), letterbox, new Box(0, 0, 20, 10), runs, out _));
        masks.TryAppend([1f], broken, new FrameSize(8, 8), letterbox, new Box(0, 0, 20, 10), runs, out var mask);
        Assert.InRange(mask.Area, 0, 200);
    }

    private static Box RandomBox(Random random, int i, int width, int height)
    {
        float Between(double low, double high) => (float)(low + (random.NextDouble() * (high - low)));
        var x = Between(-0.1 * width, width);
        var y = Between(-0.1 * height, height);
        return (i % 6) switch
        {
            0 => new Box(0, 0, width, height),
            1 => new Box(MathF.Floor(x), MathF.Floor(y), MathF.Floor(x) + 1, MathF.Floor(y) + 1),
            2 => new Box(x, y, width + 5, height + 5),
            3 => new Box(-5, y, x, height),
            _ => new Box(x, y, x + Between(0, width), y + Between(0, height)),
        };
    }

    /// <summary>The mask pixel by pixel, row-major.</summary>
    private static bool[] Bits(RleMask mask)
    {
        var bits = new bool[mask.Size.Area];
        var position = 0;
        var value = false;
        foreach (var count in mask.Counts.Span)
        {
            Assert.True(count > 0 || position == 0, "only the first count may be 0");
            for (var end = position + count; position < end; position++)
            {
                bits[(position % mask.Size.Height * mask.Size.Width) + (position / mask.Size.Height)] = value;
            }

            value = !value;
        }

        Assert.Equal(mask.Size.Area, position);
        return bits;
    }
}
