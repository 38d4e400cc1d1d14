using SegBatch.Detection;
using SegBatch.Tests;
using Xunit;

namespace SegBatch.IntegrationTests.Detection;

/// <summary>
/// One network in the layout of every family: found in the file alone, fed in the family's way, and the same objects come out. What is
/// expected was computed with NumPy and OpenCV from the network in its first layout, fed alike.
/// </summary>
[Collection("native memory")]
public sealed class FamilyTests(ITestOutputHelper output)
{
    private const string Folder = "models/families";

    [Theory]
    [InlineData("yolo-nms.onnx", "end-to-end", 0)]
    [InlineData("yolo-end2end.onnx", "end-to-end", 0)]
    [InlineData("yolov5-seg.onnx", "yolov5", 0)]
    [InlineData("yolact.onnx", "yolact", 0)]
    [InlineData("maskrcnn.onnx", "mask-rcnn", 0)]
    [InlineData("maskrcnn-tv.onnx", "mask-rcnn", 0)]
    [InlineData("maskrcnn-zoo.onnx", "mask-rcnn-zoo", 1)] // padded to multiples of 32, as the zoo does
    [InlineData("pointrend.onnx", "detectron2", 0)]
    [InlineData("fullmask.onnx", "mmdeploy", 0)]
    [InlineData("query-seg.onnx", "query", 0)]
    public async Task Every_family_finds_the_same_objects(string file, string layout, int check)
    {
        var card = ModelLayouts.Read(SharedData.Path($"{Folder}/{file}"));
        Assert.Equal(layout, ModelLayouts.Recognise(card).Name);
        using var expected = SharedData.Json($"{Folder}/scenes/expected.json");
        using var layouts = SharedData.Json($"{Folder}/layouts.json");
        var family = layouts
            .RootElement.GetProperty("layouts")
            .EnumerateArray()
            .Single(item => item.GetProperty("file").GetString() == file);
        var row = family.GetProperty("check")[check];
        var limits = row.GetProperty("tolerance_fed_alike");

        var found = await FamilyRun.Of(card, SharedData.Path($"{Folder}/scenes"), TestContext.Current.CancellationToken);
        var figures = FamilyFigures.Of(expected.RootElement.GetProperty("scenes"), row.GetProperty("fed").GetString()!, found);
        output.WriteLine($"{file}: {figures}");
        Assert.Equal((24, 0, 0), (figures.Expected, figures.Missing, figures.Extra));
        Assert.InRange(figures.BoxIoU, limits.GetProperty("box_iou").GetDouble(), 1);
        Assert.InRange(figures.MaskIoU, limits.GetProperty("mask_iou").GetDouble(), 1);
        Assert.InRange(figures.ScoreDifference, 0, limits.GetProperty("score_difference").GetDouble());
    }
}
