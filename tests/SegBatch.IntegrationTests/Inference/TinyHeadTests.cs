using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using Xunit;

namespace SegBatch.IntegrationTests.Inference;

/// <summary>Which heads are trimmed is decided by what they compute: on networks that differ from a known one in a single place.</summary>
[Collection("native memory")]
public sealed class TinyHeadTests(ITestOutputHelper output) : IDisposable
{
    private static readonly InferenceOptions s_trimmed = new() { Device = "cpu", TrimHead = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-heads-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(16, false, false)]
    [InlineData(16, true, false)]
    [InlineData(16, false, true)]
    [InlineData(8, true, true)]
    [InlineData(1, false, false)]
    [InlineData(1, true, false)]
    public async Task Known_heads_are_trimmed_and_find_the_same(int bins, bool joined, bool transposed)
    {
        var path = Write(
            new TinyHead
            {
                Bins = bins,
                LastBin = bins - 1,
                IsJoined = joined,
                IsTransposed = transposed,
            }
        );
        using var whole = OnnxSegmentationModel.Open(path, options: s_trimmed with { TrimHead = false });
        using var trimmed = OnnxSegmentationModel.Open(path, options: s_trimmed);
        Assert.True(trimmed.Trimmed is not null, trimmed.NotTrimmed);
        Assert.Equal([8, 16], trimmed.Trimmed.Levels.Select(level => level.Stride));
        Assert.Equal((bins, 5, 3), (trimmed.Trimmed.Bins, trimmed.Trimmed.Classes, trimmed.Trimmed.Coefficients));
        Assert.Equal(7, trimmed.OutputsFor(new(96, 64)).Count); // joined maps end at the convolutions too

        var (expected, actual) = (await Detect(whole), await Detect(trimmed));
        Assert.True(expected.Count > 10, $"only {expected.Count} objects");
        Assert.Equal(expected.Select(item => item.ClassId), actual.Select(item => item.ClassId));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-6f));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Box.X1, pair.Second.Box.X1, 1e-3f));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Box.Y2, pair.Second.Box.Y2, 1e-3f));
    }

    [Fact]
    public void A_head_that_differs_in_one_place_is_left_as_it_is()
    {
        var head = new TinyHead();
        (TinyHead Head, string Reason)[] others =
        [
            (head with { LastBin = 14 }, "its boxes and scores are not those of a known formula (value"),
            (head with { CellCentre = 0 }, "its boxes and scores are not those of a known formula (value"),
            (head with { SecondStride = 32 }, "its boxes and scores are not those of a known formula (value 0 of anchor 96 "),
            (head with { HasSwappedLevels = true }, "its boxes and scores are not those of a known formula ("),
            (head with { HasCorners = true }, "its boxes and scores are not those of a known formula (value"),
            (head with { ScoreScale = 1.01f }, "its parts are put together by Mul in a way that is not known"),
            (head with { AddedToCoefficients = 0.1f }, "its parts are put together by Add in a way that is not known"),
        ];
        foreach (var (other, reason) in others)
        {
            using var model = OnnxSegmentationModel.Open(Write(other), options: s_trimmed);
            output.WriteLine(model.NotTrimmed ?? "trimmed");
            Assert.Null(model.Trimmed);
            Assert.StartsWith($"the head is not trimmed: {reason}", model.NotTrimmed, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nobody_is_surprised_by_trimmed_outputs()
    {
        using var model = OnnxSegmentationModel.Open(Write(new TinyHead()), options: new() { Device = "cpu" });
        Assert.Null(model.Trimmed);
        Assert.Null(model.NotTrimmed);
        Assert.Equal(2, model.OutputsFor(new(96, 64)).Count);
    }

    private string Write(TinyHead head)
    {
        var path = Path.Combine(_folder, "head.onnx");
        head.Write(path);
        return path;
    }

    private static async Task<List<DetectedObject>> Detect(OnnxSegmentationModel model)
    {
        var options = new DetectionOptions { Conf = 0.6f };
        var head = DetectionHeads.Choose([.. model.Card.Outputs.Select(tensor => tensor.Shape)], null, 5, options, out var layout);
        head = model.Trimmed is { } trimmed ? DetectionHeads.Choose(trimmed, layout, options) : head;
        using var rig = new ModelRig(model, new FrameSize(96, 64));
        using var predictions = await model.InferAsync(
            await rig.NoiseAsync(1, TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken
        );
        using var detections = new DetectionList();
        head.Decode(predictions.Outputs, 0, predictions.Letterbox(0), detections);
        return [.. detections.Items];
    }
}
