using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.IntegrationTests.Cli;
using SegBatch.Masks;
using SegBatch.Pipeline;
using SegBatch.Refining;
using Xunit;

namespace SegBatch.IntegrationTests.Refining;

/// <summary>Masks of the promptable pair over drawn scenes, against recorded objects of the same network, fed alike.</summary>
[Collection("native memory")]
public sealed class MaskRefinerTests(ITestOutputHelper log)
{
    private const string Pair = "sam-decoder.onnx";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Boxes_of_a_detector_get_the_recorded_masks()
    {
        using var model = Open();
        using var refiner = new MaskRefiner(model, []);
        var found = await Scenes.Run(Detector(), refiner, Token);
        var score = Score(found);
        log.WriteLine($"boxes: {score}");
        Assert.True(score.Within(Scenes.Limit(Pair).MaskIoU), $"{score}");

        // Boxes and scores stay the detector's.
        var plain = await Scenes.Run(Detector(), refiner: null, Token);
        for (var i = 0; i < plain.Count; i++)
        {
            Assert.Equal(
                plain[i].Objects.Select(item => (item.Box, item.Score, item.ClassId)),
                found[i].Objects.Select(item => (item.Box, item.Score, item.ClassId))
            );
            Assert.NotEqual(plain[i].Objects[0].Mask.Counts.ToArray(), found[i].Objects[0].Mask.Counts.ToArray());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Prompts_by_point_or_box_get_the_recorded_masks_and_the_decoders_quality(bool byPoint)
    {
        var expected = Scenes.Expected(Scenes.Limit(Pair).View);
        using var model = Open();
        var found = new List<IReadOnlyList<DetectedObject>>();
        for (var scene = 0; scene < expected.Count; scene++)
        {
            FixedPrompt[] prompts =
            [
                .. expected[scene].Select(item => new FixedPrompt(byPoint ? Inside(item.Mask) : Prompt.Around(item.Box), item.ClassId)),
            ];
            using var refiner = new MaskRefiner(model, prompts);
            var only = new DetectionOptions { Conf = 1 };
            found.Add(await Alone(refiner, Path.Combine(Scenes.Folder, $"scene-{scene + 1}.png"), only));
        }

        var score = SceneScore.Of(expected, found);
        log.WriteLine($"{(byPoint ? "points" : "boxes")}: {score}");
        Assert.True(score.Within(Scenes.Limit(Pair).MaskIoU), $"{score}");
        Assert.All(found.SelectMany(scene => scene), item => Assert.InRange(item.Score, 0.01f, 1f));
        Assert.All(found.SelectMany(scene => scene), item => Assert.Equal(item.Mask.Bounds, item.Box));
    }

    /// <summary>The small logits that we sample ourselves give the masks that the decoder gives at the frame's size.</summary>
    [Fact]
    public async Task Small_logits_give_the_masks_of_the_large_ones()
    {
        var (encoder, decoder) = PromptModel.Check(Scenes.Model("sam-encoder.onnx"), Scenes.Model(Pair));
        var layout = DecoderLayout.Of(encoder, decoder);
        Assert.Equal(("low_res_masks", true), (layout.Masks, layout.IsLowResolution));
        using var settings = new Microsoft.ML.OnnxRuntime.SessionOptions();
        using var small = new MaskDecoder(decoder, layout, settings);
        using var large = new MaskDecoder(decoder, layout with { Masks = "masks", IsLowResolution = false }, settings);
        using var model = Open();
        var least = 1.0;
        for (var scene = 0; scene < 6; scene++)
        {
            using var frames = new FramePool(1);
            using var reader = FrameReader.Open(Path.Combine(Scenes.Folder, $"scene-{scene + 1}.png"), new DecodingOptions());
            await foreach (var frame in reader.ReadAsync(frames, Token))
            {
                using (frame)
                {
                    var letterbox = model.Letterbox(frame.Size);
                    var input = new float[3 * letterbox.Input.Area];
                    new SegBatch.Letterboxing.Letterboxer(letterbox, encoder.Convention, reference: false).Fill(frame.Rgb, input);
                    var (embeddings, memory) = model.Encoder.Run(letterbox.Input, input, Token);
                    using var held = memory;
                    using var fromSmall = small.Open(embeddings, batchIndex: 0, letterbox);
                    using var fromLarge = large.Open(embeddings, batchIndex: 0, letterbox);
                    using var runs = new RunBuffer();
                    foreach (var item in Scenes.Expected("centre")[scene])
                    {
                        Assert.True(fromSmall.TryDecode(Prompt.Around(item.Box), runs, out var a, out var quality));
                        Assert.True(fromLarge.TryDecode(Prompt.Around(item.Box), runs, out var b, out var same));
                        Assert.Equal(quality, same);
                        least = Math.Min(least, MaskIoU.IoU(a, b));
                    }
                }
            }
        }

        log.WriteLine($"least IoU of small and large: {least:F4}");
        Assert.InRange(least, 0.97, 1);
    }

    [Fact]
    public async Task A_prompt_outside_the_frame_is_told()
    {
        using var model = Open();
        using var refiner = new MaskRefiner(model, [new FixedPrompt(Prompt.At(700, 20), 0)]);
        var error = await Assert.ThrowsAsync<StageException>(() =>
            Alone(refiner, Path.Combine(Scenes.Folder, "scene-1.png"), new DetectionOptions())
        );
        Assert.Contains("point 700, 20) lies outside the frame, which is 640x360", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Pair, "sam-encoder.onnx", "takes prompts, so it is the decoder")]
    [InlineData("sam-encoder.onnx", "semantic.onnx", "is no prompt decoder: expected inputs point_coords, point_labels")]
    [InlineData(
        "semantic.onnx",
        Pair,
        "are no pair: the decoder takes image_embeddings [1, 256, 64, 64], the encoder gives output [1, 5, 384, 640]"
    )]
    public void Files_that_are_no_pair_are_refused(string encoder, string decoder, string why)
    {
        var error = Assert.Throws<ModelException>(() => PromptModel.Check(Scenes.Model(encoder), Scenes.Model(decoder)));
        Assert.Equal(ModelException.Pair, error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    /// <summary>At the size that the expected objects were recorded with.</summary>
    private static ModelCard Detector() => ModelLayouts.Read(SegBatchProcess.DemoModel, new ModelOverrides { ImgSz = (384, 640) });

    private static PromptModel Open() =>
        PromptModel.Open(Scenes.Model("sam-encoder.onnx"), Scenes.Model(Pair), new InferenceOptions { Device = "cpu" });

    private static SceneScore Score(IReadOnlyList<SceneFindings> found) =>
        SceneScore.Of(Scenes.Expected(Scenes.Limit(Pair).View), [.. found.Select(scene => scene.Objects)]);

    /// <summary>What is found in one picture by a detector that finds nothing, or by one with the given options.</summary>
    private static async Task<IReadOnlyList<DetectedObject>> Alone(MaskRefiner refiner, string picture, DetectionOptions options)
    {
        var found = await Scenes.Run(Detector(), refiner, Token, picture, options);
        return Assert.Single(found).Objects;
    }

    /// <summary>A point as far from the mask's edge as there is, by eroding until nothing would be left.</summary>
    private static Prompt Inside(in RleMask mask)
    {
        var (width, height) = (mask.Size.Width, mask.Size.Height);
        var left = new byte[mask.Size.Area];
        mask.ToBitmap(left);
        for (var now = left; Array.IndexOf(now, (byte)1) >= 0; )
        {
            left = now;
            now = new byte[left.Length];
            for (var i = width + 1; i < left.Length - width - 1; i++)
            {
                now[i] = (byte)(left[i] & left[i - 1] & left[i + 1] & left[i - width] & left[i + width]);
            }
        }

        var at = Array.IndexOf(left, (byte)1);
        Assert.InRange(at / width, 0, height - 1);
        return Prompt.At((at % width) + 0.5f, (at / width) + 0.5f);
    }
}
