using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>
/// The head of a trimmed network: against the head of the whole network, fed with what the removed part would have computed, here in
/// plain double precision. Input 96 x 64, strides 8 and 16, five classes, three prototypes.
/// </summary>
public sealed class LevelPrototypesTests
{
    private const int Classes = 5;
    private const int Coefficients = 3;
    private const int Batch = 2;
    private static readonly int[] s_strides = [8, 16];
    private static readonly FrameSize s_input = new(96, 64);
    private static readonly LetterboxTransform s_letterbox = LetterboxTransform.Square(new FrameSize(192, 128), s_input);

    [Theory]
    [InlineData(16, false, 1)]
    [InlineData(16, true, 2)]
    [InlineData(5, false, 3)]
    [InlineData(1, false, 4)]
    [InlineData(1, true, 5)]
    public void Finds_what_the_whole_networks_head_finds_in_the_same_order(int bins, bool joined, int seed)
    {
        var levels = new Levels(bins, joined, seed);
        var options = new DetectionOptions { Conf = 0.7f, Iou = 0.5f };
        var whole = DetectionHeads.Choose(
            [
                [-1, 4 + Classes + Coefficients, -1],
                [-1, Coefficients, -1, -1],
            ],
            false,
            Classes,
            options,
            out var layout
        );
        var trimmed = DetectionHeads.Choose(levels.Head, layout, options);
        OutputTensor[] predictions = [levels.Predictions(), levels.Tensors[^1]];
        using var expected = new DetectionList();
        using var actual = new DetectionList();
        for (var picture = 0; picture < Batch; picture++)
        {
            whole.Decode(predictions, picture, s_letterbox, expected);
            trimmed.Decode(levels.Tensors, picture, s_letterbox, actual);
            Assert.InRange(expected.Items.Count, 10, 119);
            Assert.Equal(expected.Items.Select(item => item.ClassId), actual.Items.Select(item => item.ClassId));
            foreach (var (one, other) in expected.Items.Zip(actual.Items))
            {
                Assert.Equal(one.Score, other.Score, 1e-6f);
                Assert.Equal(one.Box.X1, other.Box.X1, 1e-3f);
                Assert.Equal(one.Box.Y1, other.Box.Y1, 1e-3f);
                Assert.Equal(one.Box.X2, other.Box.X2, 1e-3f);
                Assert.Equal(one.Box.Y2, other.Box.Y2, 1e-3f);
                Assert.InRange(Math.Abs(one.Mask.Area - other.Mask.Area), 0, 2);
            }
        }
    }

    [Fact]
    public void The_score_decides_not_its_log_odds()
    {
        // A score of exactly one half is no candidate at one half; of two classes that both round to 1 the first has the object.
        var candidates = new Candidates();
        CandidateScan.ByClass<Logit>([0f, 40f, 1e-6f, float.NaN, -1f, 50f, 0f, float.NaN], 2, 4, 0.5f, null, candidates, 100);
        Assert.Equal(2, candidates.Count);
        Assert.Equal((101, 0, 1f), candidates[0]);
        Assert.Equal((102, 0), (candidates[1].Anchor, candidates[1].ClassId));
        Assert.InRange(candidates[1].Score, MathF.BitIncrement(0.5f), 0.500001f);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-7f)]
    [InlineData(0.001f)]
    [InlineData(0.1f)]
    [InlineData(0.25f)]
    [InlineData(0.9f)]
    [InlineData(0.9999f)]
    [InlineData(0.99999994f)]
    public void No_value_up_to_the_floor_is_a_score_above_the_threshold(float conf)
    {
        var floor = Logit.Floor(conf);
        Assert.False(Logit.Of(floor) > conf);
        for (var value = -30f; value < 30; value += 0.000917f)
        {
            Assert.True(value > floor || !(Logit.Of(value) > conf), $"{value} gives {Logit.Of(value)}, the floor is {floor}");
        }
    }

    [Fact]
    public void A_whole_row_of_anchors_is_scanned_as_its_parts_are()
    {
        // 70 anchors: two rounds of the wide loop and a rest of 6.
        var random = new Random(7);
        float[] values = [.. Enumerable.Range(0, 3 * 70).Select(_ => (random.NextSingle() - 0.7f) * 10)];
        var candidates = new Candidates();
        CandidateScan.ByClass<Logit>(values, 3, 70, 0.25f, null, candidates);
        var expected = Enumerable
            .Range(0, 70)
            .Select(anchor => (anchor, best: Enumerable.Range(0, 3).Max(id => 1 / (1 + Math.Exp(-values[(id * 70) + anchor])))))
            .Where(item => item.best > 0.25)
            .ToArray();
        Assert.InRange(expected.Length, 20, 69);
        Assert.Equal(expected.Select(item => item.anchor), Enumerable.Range(0, candidates.Count).Select(i => candidates[i].Anchor));
        Assert.All(Enumerable.Range(0, candidates.Count), i => Assert.Equal(expected[i].best, candidates[i].Score, 1e-6));
    }

    [Fact]
    public void Outputs_of_another_size_than_the_input_asks_for_are_an_error()
    {
        var levels = new Levels(16, joined: false, seed: 1);
        var layout = new PrototypeLayout(HeadKind.AnchorFree, Classes, Coefficients, 0, 1, false, "");
        var head = DetectionHeads.Choose(levels.Head, layout, new());
        using var detections = new DetectionList();
        var error = Assert.Throws<HeadLayoutException>(() =>
            head.Decode(levels.Tensors, 0, LetterboxTransform.Square(new(192, 128), new(192, 128)), detections)
        );
        Assert.StartsWith("expected [batch, 5, 16, 24] of stride 8 for input 192x128", error.Message, StringComparison.Ordinal);
        Assert.Throws<HeadLayoutException>(() => DetectionHeads.Choose(levels.Head, layout with { Classes = 6 }, new()));
    }

    [Fact]
    public void Decoding_allocates_nothing_once_it_has_seen_a_frame()
    {
        var levels = new Levels(16, joined: false, seed: 1);
        var head = DetectionHeads.Choose(
            levels.Head,
            new PrototypeLayout(HeadKind.AnchorFree, Classes, Coefficients, 0, 1, false, ""),
            new()
        );
        using var detections = new DetectionList();
        for (var i = 0; i < 50; i++)
        {
            head.Decode(levels.Tensors, 0, s_letterbox, detections);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        head.Decode(levels.Tensors, 0, s_letterbox, detections);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEmpty(detections.Items);
    }

    /// <summary>Made-up outputs of a trimmed network: box, scores and coefficients in outputs of their own, or box and scores joined in one.</summary>
    private sealed class Levels
    {
        private readonly int _bins;

        public Levels(int bins, bool joined, int seed)
        {
            _bins = bins;
            var random = new Random(seed);
            var (levels, tensors, names) = (new List<HeadLevel>(), new List<OutputTensor>(), new List<(string, int)>());
            foreach (var stride in s_strides)
            {
                var box = new LevelChannels(Add(4 * bins + (joined ? Classes : 0), stride, bins == 1 ? 3 : 0), 0);
                var scores = joined ? box with { First = 4 * bins } : new LevelChannels(Add(Classes, stride, -3), 0);
                levels.Add(new(stride, box, scores, new LevelChannels(Add(Coefficients, stride, 0), 0)));
            }

            Head = new()
            {
                Levels = levels,
                Bins = bins,
                Classes = Classes,
                Coefficients = Coefficients,
                Prototypes = Add(Coefficients, 4, 0),
                Outputs = names,
            };
            Tensors = [.. tensors];

            int Add(int channels, int stride, float mean)
            {
                int[] shape = [Batch, channels, s_input.Height / stride, s_input.Width / stride];
                float[] values =
                [
                    .. Enumerable.Range(0, shape.Aggregate((a, b) => a * b)).Select(_ => mean + ((random.NextSingle() - 0.5f) * 10)),
                ];
                names.Add(($"map{tensors.Count}", channels));
                tensors.Add(new(values, shape));
                return tensors.Count - 1;
            }
        }

        public TrimmedHead Head { get; }

        public OutputTensor[] Tensors { get; }

        /// <summary>[2, 4+nc+nm, anchors]: what the whole network gives.</summary>
        public OutputTensor Predictions()
        {
            const int Values = 4 + Classes + Coefficients;
            var anchors = s_strides.Sum(stride => s_input.Width / stride * (s_input.Height / stride));
            var values = new float[Batch * Values * anchors];
            for (var picture = 0; picture < Batch; picture++)
            {
                var anchor = 0;
                foreach (var level in Head.Levels)
                {
                    for (var y = 0; y < s_input.Height / level.Stride; y++)
                    {
                        for (var x = 0; x < s_input.Width / level.Stride; x++, anchor++)
                        {
                            double[] sides = [.. Enumerable.Range(0, 4).Select(side => Distance(level, picture, side, y, x))];
                            Put(0, (x + 0.5 + (sides[2] - sides[0]) / 2) * level.Stride);
                            Put(1, (y + 0.5 + (sides[3] - sides[1]) / 2) * level.Stride);
                            Put(2, (sides[0] + sides[2]) * level.Stride);
                            Put(3, (sides[1] + sides[3]) * level.Stride);
                            for (var id = 0; id < Classes; id++)
                            {
                                Put(4 + id, 1 / (1 + Math.Exp(-At(level.Scores, picture, id, y, x))));
                            }

                            for (var i = 0; i < Coefficients; i++)
                            {
                                Put(4 + Classes + i, At(level.Coefficients, picture, i, y, x));
                            }
                        }
                    }
                }

                void Put(int value, double number) => values[(((picture * Values) + value) * anchors) + anchor] = (float)number;
            }

            return new(values, [Batch, Values, anchors]);
        }

        private double Distance(HeadLevel level, int picture, int side, int y, int x)
        {
            double[] logits = [.. Enumerable.Range(0, _bins).Select(bin => (double)At(level.Box, picture, (side * _bins) + bin, y, x))];
            return _bins == 1 ? logits[0] : logits.Select((logit, bin) => bin * Math.Exp(logit)).Sum() / logits.Sum(Math.Exp);
        }

        private float At(LevelChannels part, int picture, int channel, int y, int x)
        {
            var (values, shape) = Tensors[part.Output];
            return values.Span[(((((picture * shape[1]) + part.First + channel) * shape[2]) + y) * shape[3]) + x];
        }
    }
}
