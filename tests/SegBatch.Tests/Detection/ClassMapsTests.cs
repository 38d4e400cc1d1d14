using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>Semantic outputs to runs, against the plain way: every channel sampled at every pixel in double precision, then the best.</summary>
public class ClassMapsTests
{
    /// <summary>Pixels whose two best channels are closer than this may fall either way.</summary>
    private const double Tie = 1e-5;

    [Theory]
    [InlineData(2, 40, 24, 160, 96)] // enlarged
    [InlineData(5, 40, 24, 100, 61)]
    [InlineData(21, 33, 30, 90, 70)]
    [InlineData(5, 64, 48, 30, 20)] // made smaller
    [InlineData(3, 1, 1, 9, 7)]
    [InlineData(4, 7, 1, 20, 12)]
    [InlineData(150, 20, 20, 50, 50)]
    public void Every_pixel_has_the_best_of_the_sampled_channels(int channels, int width, int height, int frameWidth, int frameHeight)
    {
        var grid = new FrameSize(width, height);
        foreach (var letterbox in Letterboxes(new FrameSize(frameWidth, frameHeight), grid))
        {
            var scores = Smooth(new Random(channels + width), channels, grid);
            using var found = new DetectionList();
            var head = new ClassMaps(new ClassMapLayout(0, channels, 0, null, channels, ""), new DetectionOptions { MinRegion = 0 });
            head.Decode([new OutputTensor(scores, [1, channels, height, width])], 0, letterbox, found);

            Assert.Empty(found.Items);
            var labels = Labels(found, letterbox.Source);
            for (var y = 0; y < frameHeight; y++)
            {
                for (var x = 0; x < frameWidth; x++)
                {
                    var values = Sample(scores, channels, grid, letterbox, x, y);
                    var label = labels[(y * frameWidth) + x];
                    Assert.True(label >= 0, $"pixel {x}, {y} has no class");
                    Assert.True(
                        values[label] > values.Max() - Tie,
                        $"pixel {x}, {y}: {label} has {values[label]}, the best {values.Max()}"
                    );
                }
            }
        }
    }

    [Fact]
    public void A_channel_that_is_second_at_every_corner_wins_between_them()
    {
        // Four corners of one cell: channel 0 left, channel 1 right, channel 2 nearly as good at all of them.
        float[] scores = [1, 0, 1, 0, 0, 1, 0, 1, 0.9f, 0.9f, 0.9f, 0.9f];
        using var found = new DetectionList();
        var head = new ClassMaps(new ClassMapLayout(0, 3, 0, null, 3, ""), new DetectionOptions { MinRegion = 0 });
        head.Decode([new OutputTensor(scores, [1, 3, 2, 2])], 0, Stretched(new FrameSize(40, 40), new FrameSize(2, 2)), found);

        var labels = Labels(found, new FrameSize(40, 40));
        Assert.Equal([0, 2, 1], new[] { labels[(20 * 40) + 5], labels[(20 * 40) + 20], labels[(20 * 40) + 35] });
    }

    [Fact]
    public void A_finished_map_is_sampled_by_the_nearest_point_and_its_first_number_is_background()
    {
        var (grid, frame) = (new FrameSize(6, 4), new FrameSize(15, 9));
        var random = new Random(3);
        float[] numbers = [.. Enumerable.Range(0, (int)grid.Area).Select(_ => random.Next(4))];
        using var found = new DetectionList();
        var head = new ClassMaps(new ClassMapLayout(0, null, 1, 0, 3, ""), new DetectionOptions { MinRegion = 0 });
        head.Decode([new OutputTensor(numbers, [1, 4, 6])], 0, Stretched(frame, grid), found);

        var labels = Labels(found, frame);
        for (var y = 0; y < frame.Height; y++)
        {
            for (var x = 0; x < frame.Width; x++)
            {
                var number = numbers[((int)((y + 0.5) * 4 / 9) * 6) + (int)((x + 0.5) * 6 / 15)];
                Assert.Equal(number - 1, labels[(y * frame.Width) + x]);
            }
        }
    }

    [Fact]
    public void Connected_regions_large_enough_are_objects_largest_first_with_their_boxes()
    {
        // Class 0: 4x3 pixels, and 1 pixel alone; class 1: 2x3 pixels beside the first region.
        var labels = new float[10 * 8];
        Fill(labels, 1, 1, 5, 4, 1);
        Fill(labels, 5, 1, 7, 4, 2);
        Fill(labels, 9, 7, 10, 8, 1);
        using var found = new DetectionList();
        var layout = new ClassMapLayout(0, null, 1, 0, 2, "");
        var size = new FrameSize(10, 8);
        new ClassMaps(layout, new DetectionOptions { MinRegion = 2 }).Decode(
            [new OutputTensor(labels, [1, 1, 8, 10])],
            0,
            Stretched(size, size),
            found
        );

        Assert.Equal([(0, 13L), (1, 6L)], found.Regions.Select(region => (region.ClassId, region.Mask.Area)));
        Assert.Equal(
            [(0, new Box(1, 1, 5, 4), 1f), (1, new Box(5, 1, 7, 4), 1f)],
            found.Items.Select(item => (item.ClassId, item.Box, item.Score))
        );

        var only = new DetectionOptions
        {
            MinRegion = 1,
            Classes = [0],
            MaxDet = 1,
        };
        new ClassMaps(layout, only).Decode([new OutputTensor(labels, [1, 1, 8, 10])], 0, Stretched(size, size), found);
        Assert.Equal([0], found.Regions.Select(region => region.ClassId));
        Assert.Equal([12L], found.Items.Select(item => item.Mask.Area));
    }

    [Fact]
    public void A_number_beyond_the_names_is_told()
    {
        using var found = new DetectionList();
        var head = new ClassMaps(new ClassMapLayout(0, null, 1, 0, 2, ""), new DetectionOptions());
        var size = new FrameSize(2, 2);
        var error = Assert.Throws<HeadLayoutException>(() =>
            head.Decode([new OutputTensor(new float[] { 0, 1, 2, 3 }, [1, 2, 2])], 0, Stretched(size, size), found)
        );
        Assert.Contains("expected classes 0 to 1, got class 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    // Output, names, background as told → channels, first class, background, classes.
    [InlineData("float32", "1 5 384 640", "", null, 5, 1, 0, 4)]
    [InlineData("float32", "1 5 384 640", "disc square triangle ring", null, 5, 1, 0, 4)]
    [InlineData("float32", "1 5 384 640", "disc square triangle ring star", null, 5, 0, null, 5)]
    [InlineData("float32", "1 5 384 640", "background square triangle ring star", null, 5, 0, 0, 5)]
    [InlineData("float16", "-1 5 -1 -1", "", false, 5, 0, null, 5)]
    [InlineData("int64", "1 384 640", "", null, null, 1, 0, null)]
    [InlineData("int32", "1 1 384 640", "disc square", null, null, 1, 0, 2)]
    [InlineData("uint8", "1 384 640", "Background square", null, null, 0, 0, 2)]
    [InlineData("int64", "1 384 640", "disc square", false, null, 0, null, 2)]
    public void Layouts_go_by_type_shape_and_names(
        string type,
        string shape,
        string names,
        bool? background,
        int? channels,
        int first,
        int? left,
        int? classes
    )
    {
        var layout = Assert.IsType<ClassMapLayout>(ClassMapLayout.Match(Signature(type, shape, names, background)).Layout);
        Assert.Equal((channels, first, left, classes), (layout.Channels, layout.FirstClass, layout.Background, layout.Classes));
    }

    [Theory]
    [InlineData("float32", "1 116 8400")]
    [InlineData("float32", "1 384 640")]
    [InlineData("float32", "1 1 384 640")]
    [InlineData("int64", "1 5 384 640")]
    [InlineData("float32", "1 -1 384 640")]
    public void Other_outputs_are_no_class_maps(string type, string shape) =>
        Assert.Null(ClassMapLayout.Match(Signature(type, shape, "", null)).Layout);

    [Theory]
    [InlineData("a b", null)]
    [InlineData("a b c d e", true)]
    [InlineData("a b c d", false)]
    public void Names_that_do_not_fit_the_channels_are_refused(string names, bool? background)
    {
        var match = ClassMapLayout.Match(Signature("float32", "1 5 384 640", names, background));
        Assert.True(match is { Layout: null, IsNear: true }, match.WhyNot);
    }

    [Fact]
    public void The_auxiliary_output_of_torchvision_is_left_aside()
    {
        var out_ = Tensor("out", "float32", "1 21 520 520");
        var aux = Tensor("aux", "float32", "1 21 520 520");
        var layout = ClassMapLayout.Match(new ModelSignature { Outputs = [aux, out_] }).Layout;
        Assert.Equal(1, Assert.IsType<ClassMapLayout>(layout).Output);
        Assert.Null(ClassMapLayout.Match(new ModelSignature { Outputs = [out_, out_ with { Name = "other" }] }).Layout);
    }

    [Fact]
    public void Of_outputs_that_are_alike_and_have_no_names_the_first_counts()
    {
        ModelTensor[] plain = [Tensor("2158", "float32", "-1 21 -1 -1"), Tensor("2181", "float32", "-1 21 -1 -1")];
        var layout = Assert.IsType<ClassMapLayout>(ClassMapLayout.Match(new ModelSignature { Outputs = plain }).Layout);
        Assert.Equal((0, 21), (layout.Output, layout.Channels));
        var other = Tensor("2181", "float32", "-1 19 -1 -1");
        Assert.Null(ClassMapLayout.Match(new ModelSignature { Outputs = [plain[0], other] }).Layout);
    }

    [Theory]
    [InlineData(ScoreScale.Probabilities, "", 0.5f, 1, 1)]
    [InlineData(ScoreScale.Logits, "person", 0f, 1, 1)]
    [InlineData(ScoreScale.Logits, "background person", 0f, 0, 2)]
    public void One_channel_is_one_class_above_the_middle_of_its_scale(ScoreScale scale, string names, float above, int first, int classes)
    {
        var signature = Signature("float32", "1 1 384 640", names, null) with { Scales = [scale] };
        var layout = Assert.IsType<ClassMapLayout>(ClassMapLayout.Match(signature).Layout);
        Assert.Equal((1, above, first, 0, classes), (layout.Channels, layout.Above, layout.FirstClass, layout.Background, layout.Classes));
    }

    [Theory]
    [InlineData(ScoreScale.Unknown, "", "Sigmoid")]
    [InlineData(ScoreScale.Logits, "cat dog", "expected one class name")]
    public void One_channel_that_cannot_be_read_is_refused_with_a_way_out(ScoreScale scale, string names, string part)
    {
        var match = ClassMapLayout.Match(Signature("float32", "1 1 384 640", names, null) with { Scales = [scale] });
        Assert.True(match is { Layout: null, IsNear: true }, match.WhyNot);
        Assert.Contains(part, match.WhyNot, StringComparison.Ordinal);
    }

    [Fact]
    public void One_channel_is_sampled_like_any_score()
    {
        // Two points, 0.1 and 0.9, over 16 pixels: pixel p lies at (p + 0.5) / 8 - 0.5 between them, so 0.5 is crossed between 7 and 8.
        using var found = new DetectionList();
        var layout = new ClassMapLayout(0, 1, 1, 0, 1, "") { Above = 0.5f };
        var (frame, grid) = (new FrameSize(16, 3), new FrameSize(2, 1));
        new ClassMaps(layout, new DetectionOptions { MinRegion = 1 }).Decode(
            [new OutputTensor(new[] { 0.1f, 0.9f }, [1, 1, 1, 2])],
            0,
            Stretched(frame, grid),
            found
        );
        var item = Assert.Single(found.Items);
        Assert.Equal((0, new Box(8, 0, 16, 3), 24L), (item.ClassId, item.Box, item.Mask.Area));
        Assert.Equal((0, 24L), (Assert.Single(found.Regions).ClassId, found.Regions[0].Mask.Area));
    }

    private static ModelSignature Signature(string type, string shape, string names, bool? background) =>
        new()
        {
            Outputs = [Tensor("output", type, shape)],
            Names = names.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Labels = background switch
            {
                true => LabelNumbers.FromOne,
                false => LabelNumbers.FromZero,
                _ => null,
            },
        };

    private static ModelTensor Tensor(string name, string type, string shape)
    {
        var sides = Array.ConvertAll(shape.Split(' '), int.Parse);
        return new(name, type, sides, [.. sides.Select(_ => "")]);
    }

    private static LetterboxTransform Stretched(FrameSize frame, FrameSize input) => new(frame, input, input, 0, 0);

    private static IEnumerable<LetterboxTransform> Letterboxes(FrameSize frame, FrameSize grid) =>
        [
            Stretched(frame, grid),
            LetterboxTransform.Square(frame, new FrameSize(grid.Width * 4, grid.Height * 4)),
            new(frame, grid, new FrameSize(Math.Max(1, grid.Width - 2), Math.Max(1, grid.Height - 1)), 0, 0),
        ];

    /// <summary>Random fields of a few bumps: boundaries, corners where three channels meet, no noise.</summary>
    private static float[] Smooth(Random random, int channels, FrameSize size)
    {
        var scores = new float[channels * size.Area];
        for (var channel = 0; channel < channels; channel++)
        {
            var (u, v, phase) = (random.NextDouble() * 1.2, random.NextDouble() * 1.2, random.NextDouble() * 6);
            for (var i = 0; i < size.Area; i++)
            {
                scores[(channel * size.Area) + i] = (float)Math.Sin(phase + (u * (i % size.Width)) + (v * (i / size.Width)));
            }
        }

        return scores;
    }

    private static double[] Sample(float[] scores, int channels, FrameSize grid, LetterboxTransform letterbox, int x, int y)
    {
        var u = ((((x + 0.5) * letterbox.GainX) + letterbox.PadLeft) * grid.Width / letterbox.Input.Width) - 0.5;
        var v = ((((y + 0.5) * letterbox.GainY) + letterbox.PadTop) * grid.Height / letterbox.Input.Height) - 0.5;
        u = Math.Clamp(u, 0, grid.Width - 1);
        v = Math.Clamp(v, 0, grid.Height - 1);
        var (left, top) = ((int)u, (int)v);
        var (right, bottom) = (Math.Min(left + 1, grid.Width - 1), Math.Min(top + 1, grid.Height - 1));
        var (a, b) = (u - left, v - top);
        return
        [
            .. Enumerable
                .Range(0, channels)
                .Select(channel =>
                    ((1 - b) * (((1 - a) * At(channel, left, top)) + (a * At(channel, right, top))))
                    + (b * (((1 - a) * At(channel, left, bottom)) + (a * At(channel, right, bottom))))
                ),
        ];

        double At(int channel, int column, int row) => scores[(channel * grid.Area) + (row * grid.Width) + column];
    }

    /// <summary>Class of each pixel, row-major; -1 for none. Fails where two classes share a pixel.</summary>
    private static int[] Labels(DetectionList found, FrameSize size)
    {
        var labels = new int[size.Area];
        Array.Fill(labels, -1);
        foreach (var region in found.Regions)
        {
            region.Mask.Validate();
            var bitmap = new byte[size.Area];
            region.Mask.ToBitmap(bitmap);
            for (var i = 0; i < bitmap.Length; i++)
            {
                if (bitmap[i] != 0)
                {
                    Assert.Equal(-1, labels[i]);
                    labels[i] = region.ClassId;
                }
            }
        }

        return labels;
    }

    private static void Fill(float[] labels, int left, int top, int right, int bottom, int number)
    {
        for (var y = top; y < bottom; y++)
        {
            labels.AsSpan((y * 10) + left, right - left).Fill(number);
        }
    }
}
