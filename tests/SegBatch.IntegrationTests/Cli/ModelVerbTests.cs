using SegBatch.Tests;
using Xunit;

namespace SegBatch.IntegrationTests.Cli;

/// <summary><c>segbatch model</c> says of a file what is true, and of one that cannot be used what it is instead.</summary>
public sealed class ModelVerbTests
{
    [Theory]
    [InlineData("families/sam-decoder.onnx", "mask decoder of a promptable pair", "takes no pictures")]
    [InlineData("families/sam-encoder.onnx", "image encoder of a promptable pair", "as its layout says, which is not known")]
    [InlineData("reid-colour-grid.onnx", "an appearance model for a tracker", "as its layout says, which is not known")]
    public async Task What_is_no_segmentation_model_is_told_what_it_is(string model, string what, string fed)
    {
        var (code, output, errors) = await SegBatchProcess.Run("model", SharedData.Path($"models/{model}"), "--device", "cpu");
        Assert.True(code == 78, $"exit {code}\n{output}\n{errors}");
        var words = Words(output);
        Assert.StartsWith("Cannot be used:", words, StringComparison.Ordinal);
        Assert.Contains(what, words, StringComparison.Ordinal);
        Assert.Contains($"fed {fed}", words, StringComparison.Ordinal);
        Assert.Contains("not semantic: expected one output", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Expected one of", words, StringComparison.Ordinal); // every layout is listed below
        Assert.DoesNotContain("embedding [batch, 48], which is for a decoder", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yolov8n-seg-fp16.onnx", "precision half")]
    [InlineData("yolov8n-seg-half.onnx", "precision half")]
    [InlineData("yolov8n-seg-int8.onnx", "precision quantised")]
    [InlineData("yolov8n-seg.onnx", null)]
    public async Task The_numbers_a_network_computes_in_are_told(string model, string? precision)
    {
        var (code, output, errors) = await SegBatchProcess.Run("model", SharedData.Path($"models/{model}"), "--device", "cpu");
        Assert.True(code == 0, $"exit {code}\n{output}\n{errors}");
        var words = Words(output);
        Assert.StartsWith("Segmentation model, anchor-free", words, StringComparison.Ordinal);
        Assert.Contains(precision ?? "task segment", words, StringComparison.Ordinal);
        Assert.Equal(precision is not null, words.Contains("precision ", StringComparison.Ordinal));
    }

    /// <summary>Without the columns and line ends.</summary>
    private static string Words(string output) => string.Join(' ', output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
