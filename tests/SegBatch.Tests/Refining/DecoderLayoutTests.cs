using SegBatch.Inference;
using SegBatch.Refining;
using Xunit;

namespace SegBatch.Tests.Refining;

/// <summary>Which tensors of a pair belong together, by the exports that are around.</summary>
public sealed class DecoderLayoutTests : IDisposable
{
    private const string Prompts = "point_coords 1,-1,2; point_labels 1,-1";
    private const string Masks = "; mask_input 1,1,256,256; has_mask_input 1";

    private readonly string _path = Path.GetTempFileName();
    private readonly ModelFile _file;

    public DecoderLayoutTests()
    {
        File.WriteAllBytes(_path, [8, 8, 7 << 3 | 2, 0]);
        _file = ModelFile.Check(_path);
    }

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Segment_anything_has_one_embedding_and_small_masks()
    {
        var layout = DecoderLayout.Of(
            Card("input_image 1,3,1024,1024", "image_embeddings 1,256,64,64"),
            Card(
                $"image_embeddings 1,256,64,64; {Prompts}{Masks}; orig_im_size 2",
                "masks 1,4,-1,-1; iou_predictions 1,4; low_res_masks 1,4,256,256"
            )
        );
        Assert.Equal(["image_embeddings"], layout.Embeddings);
        Assert.Equal(("low_res_masks", true), (layout.Masks, layout.IsLowResolution));
        Assert.Equal("orig_im_size", layout.OriginalSize?.Name);
    }

    [Fact]
    public void A_single_embedding_is_matched_by_its_shape_and_masks_of_the_frames_size_are_told_by_its_size()
    {
        var layout = DecoderLayout.Of(
            Card("image 1,3,1024,1024", "interm 1,64,64,160; out 1,256,64,64"),
            Card($"embeddings 1,256,64,64; {Prompts}{Masks}; orig_im_size 2", "masks 1,4,-1,-1; iou_predictions 1,4")
        );
        Assert.Equal([null, "embeddings"], layout.Embeddings);
        Assert.Equal(("masks", false), (layout.Masks, layout.IsLowResolution));
    }

    [Fact]
    public void Features_of_several_sizes_are_matched_by_name_and_their_masks_are_small()
    {
        var layout = DecoderLayout.Of(
            Card("image 1,3,1024,1024", "high_res_feats_0 1,32,256,256; high_res_feats_1 1,64,128,128; image_embed 1,256,64,64"),
            Card(
                $"image_embed 1,256,64,64; high_res_feats_0 1,32,256,256; high_res_feats_1 1,64,128,128; {Prompts}{Masks}",
                "masks 1,3,256,256; iou_predictions 1,3"
            )
        );
        Assert.Equal(["high_res_feats_0", "high_res_feats_1", "image_embed"], layout.Embeddings);
        Assert.Equal(("masks", true), (layout.Masks, layout.IsLowResolution));
        Assert.Null(layout.OriginalSize);
    }

    [Fact]
    public void Masks_lie_over_the_input_where_the_decoder_is_not_told_the_frames_size()
    {
        var layout = DecoderLayout.Of(
            Card("image 1,3,1024,1024", "image_embeddings 1,256,64,64"),
            Card($"image_embeddings 1,256,64,64; {Prompts}{Masks}", "masks 1,-1,-1,-1; iou_predictions 1,-1")
        );
        Assert.True(layout.IsLowResolution);
    }

    /// <summary>Else the first run would fail, hours into a job.</summary>
    [Fact]
    public void A_decoder_that_takes_other_numbers_is_refused()
    {
        var decoder = Card($"image_embeddings 1,256,64,64; {Prompts}", "masks 1,1,256,256; iou_predictions 1,1");
        decoder = decoder with { Inputs = [.. decoder.Inputs.Select(input => input with { ElementType = "float16" })] };
        var error = Assert.Throws<ModelException>(() =>
            DecoderLayout.Of(Card("image 1,3,1024,1024", "image_embeddings 1,256,64,64"), decoder)
        );
        Assert.Contains("image_embeddings of float16", error.Message, StringComparison.Ordinal);
        Assert.Contains("single precision", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Estimates that are no numbers must not become scores.</summary>
    [Theory]
    [InlineData(1, 0.2f, 0.9f, 0.9f)]
    [InlineData(1, float.NaN, 0.3f, 0.1f)]
    [InlineData(-1, float.NaN, float.NaN)]
    [InlineData(-1)]
    public void The_best_mask_is_the_first_of_the_best_estimates(int best, params float[] estimates) =>
        Assert.Equal(best, FrameDecoder.Best(estimates));

    [Theory]
    [InlineData("image_embeddings 1,256,32,32")] // of a smaller encoder
    [InlineData("features 1,256,64,64; more 1,256,64,64")] // which of the two?
    [InlineData("image_embeddings 1,64,256")]
    public void An_encoder_of_another_decoder_is_refused(string outputs)
    {
        var error = Assert.Throws<ModelException>(() =>
            DecoderLayout.Of(
                Card("image 1,3,1024,1024", outputs),
                Card($"image_embeddings 1,256,64,64; {Prompts}", "masks 1,1,256,256; iou_predictions 1,1")
            )
        );
        Assert.Equal(ModelException.Pair, error.Code);
        Assert.Contains("are no pair", error.Message, StringComparison.Ordinal);
    }

    private ModelCard Card(string inputs, string outputs) =>
        new()
        {
            File = _file,
            Inputs = Tensors(inputs),
            Outputs = Tensors(outputs),
            Metadata = new Dictionary<string, string>(),
        };

    private static ModelTensor[] Tensors(string words) =>
        [
            .. words
                .Split("; ")
                .Select(word => word.Split(' '))
                .Select(parts =>
                {
                    var shape = Array.ConvertAll(parts[1].Split(','), int.Parse);
                    return new ModelTensor(parts[0], "float32", shape, [.. shape.Select(_ => "")]);
                }),
        ];
}
