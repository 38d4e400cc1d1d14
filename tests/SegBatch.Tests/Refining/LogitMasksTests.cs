using SegBatch.Geometry;
using SegBatch.Masks;
using SegBatch.Refining;
using Xunit;

namespace SegBatch.Tests.Refining;

/// <summary>Masks of whole frames from small logits, against sampling every pixel in double precision.</summary>
public sealed class LogitMasksTests
{
    private const double Tie = 1e-4;

    [Theory]
    [InlineData(640, 360, 1024, 256)] // as SAM has it
    [InlineData(61, 97, 64, 16)]
    [InlineData(9, 300, 32, 32)]
    public void Every_pixel_with_a_positive_sample_is_set(int width, int height, int side, int cells)
    {
        var frame = new FrameSize(width, height);
        var grid = new FrameSize(cells, cells);
        foreach (
            var letterbox in new[]
            {
                LetterboxTransform.Square(frame, new FrameSize(side, side)).AtTopLeft(),
                LetterboxTransform.Stretch(frame, new FrameSize(side, side)),
            }
        )
        {
            var random = new Random(width);
            for (var round = 0; round < 5; round++)
            {
                var logits = Bumps(random, grid);
                using var runs = new RunBuffer();
                var bitmap = new byte[frame.Area];
                if (new LogitMasks().TryAppend(logits, grid, letterbox, runs, out var mask))
                {
                    mask.Validate();
                    mask.ToBitmap(bitmap);
                }

                for (var i = 0; i < bitmap.Length; i++)
                {
                    var value = Sample(logits, grid, letterbox, i % width, i / width);
                    Assert.True(Math.Abs(value) < Tie || value > 0 == (bitmap[i] == 1), $"pixel {i % width}, {i / width}: {value}");
                }
            }
        }
    }

    [Fact]
    public void Nothing_positive_is_no_mask_and_leaves_no_runs()
    {
        var frame = new FrameSize(20, 10);
        using var runs = new RunBuffer();
        var logits = new float[64];
        Assert.False(new LogitMasks().TryAppend(logits, new FrameSize(8, 8), LetterboxTransform.Stretch(frame, frame), runs, out _));
        runs.Add(200);
        Assert.Equal([200], runs.Take().ToArray());

        // Positive only in the padding below the picture.
        logits[^1] = 1;
        var letterbox = LetterboxTransform.Square(frame, new FrameSize(32, 32)).AtTopLeft();
        Assert.False(new LogitMasks().TryAppend(logits, new FrameSize(8, 8), letterbox, runs, out _));
    }

    [Fact]
    public void Prompts_are_written_in_pixels_of_the_input_with_the_labels_of_segment_anything()
    {
        var letterbox = LetterboxTransform.Square(new FrameSize(640, 360), new FrameSize(1024, 1024)).AtTopLeft();
        Assert.Equal([16, 32, 160, 320, 2, 3], Written(Prompt.Around(new Box(10, 20, 100, 200)), letterbox));
        Assert.Equal([16, 32, 0, 0, 1, -1], Written(Prompt.At(10, 20), letterbox));
        Assert.Equal([80, 80, 16, 32, 160, 320, 1, 2, 3], Written(new Prompt(50, 50, new Box(10, 20, 100, 200)), letterbox));
    }

    /// <summary>Points, then labels.</summary>
    private static float[] Written(Prompt prompt, LetterboxTransform letterbox)
    {
        var (points, labels) = (new float[2 * prompt.Points], new float[prompt.Points]);
        prompt.Write(letterbox, points, labels);
        return [.. points, .. labels];
    }

    /// <summary>A few round blobs, some over the edge.</summary>
    private static float[] Bumps(Random random, FrameSize grid)
    {
        var logits = new float[grid.Area];
        Array.Fill(logits, -1f);
        for (var i = 0; i < 3; i++)
        {
            var (x, y, radius) = (
                random.NextDouble() * grid.Width,
                random.NextDouble() * grid.Height,
                1 + (random.NextDouble() * grid.Width / 4)
            );
            for (var at = 0; at < logits.Length; at++)
            {
                var (dx, dy) = ((at % grid.Width) - x, (at / grid.Width) - y);
                logits[at] = Math.Max(logits[at], (float)(1 - (((dx * dx) + (dy * dy)) / (radius * radius))));
            }
        }

        return logits;
    }

    private static double Sample(float[] logits, FrameSize grid, LetterboxTransform letterbox, int x, int y)
    {
        var u = Math.Clamp(
            (((x + 0.5) * letterbox.GainX) + letterbox.PadLeft) * grid.Width / letterbox.Input.Width - 0.5,
            0,
            grid.Width - 1
        );
        var v = Math.Clamp(
            (((y + 0.5) * letterbox.GainY) + letterbox.PadTop) * grid.Height / letterbox.Input.Height - 0.5,
            0,
            grid.Height - 1
        );
        var (left, top) = ((int)u, (int)v);
        var (right, bottom) = (Math.Min(left + 1, grid.Width - 1), Math.Min(top + 1, grid.Height - 1));
        var (a, b) = (u - left, v - top);
        return ((1 - b) * (((1 - a) * At(left, top)) + (a * At(right, top))))
            + (b * (((1 - a) * At(left, bottom)) + (a * At(right, bottom))));

        double At(int column, int row) => logits[(row * grid.Width) + column];
    }
}
