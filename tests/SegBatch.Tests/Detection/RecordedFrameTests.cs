using System.IO.Compression;
using System.Text.Json;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Masks;
using Xunit;

namespace SegBatch.Tests.Detection;

/// <summary>Raw outputs of real networks on real frames: the whole head against the recorded detections of those frames.</summary>
public sealed class RecordedFrameTests
{
    private static readonly FrameSize Source = new(768, 576);

    [Theory]
    [InlineData("yolov8n-seg", 96, "yolov8n.rect", typeof(AnchorFreePrototypes))]
    [InlineData("yolov8n-seg", 100, "yolov8n.rect", typeof(AnchorFreePrototypes))]
    [InlineData("yolov8n-seg", 104, "yolov8n.rect", typeof(AnchorFreePrototypes))]
    [InlineData("yolo26n-seg", 96, "yolo26n.rect", typeof(EndToEndPrototypes))]
    [InlineData("yolo26n-seg", 104, "yolo26n.rect", typeof(EndToEndPrototypes))]
    public void Native_masks_boxes_scores_and_classes_are_the_recorded_ones(string model, int frame, string recording, Type headType)
    {
        var outputs = Outputs(model, frame);
        var input = new FrameSize(outputs[1].Shape[3] * 4, outputs[1].Shape[2] * 4);
        using var expected = Recorded($"vtest.{recording}.retina", frame);
        Check(outputs, LetterboxTransform.Square(Source, input), expected.RootElement, headType, compareBoxes: true);
    }

    /// <summary>With the input itself as the frame the masks are the reference's default ones.</summary>
    [Theory]
    [InlineData("yolov8n-seg", 96, "yolov8n.rect", typeof(AnchorFreePrototypes))]
    [InlineData("yolov8n-seg", 100, "yolov8n.rect", typeof(AnchorFreePrototypes))]
    [InlineData("yolov8n-seg", 104, "yolov8n.rect", typeof(AnchorFreePrototypes))]
    [InlineData("yolo26n-seg", 96, "yolo26n.rect", typeof(EndToEndPrototypes))]
    [InlineData("yolo26n-seg", 104, "yolo26n.rect", typeof(EndToEndPrototypes))]
    public void Masks_at_input_size_are_the_recorded_ones(string model, int frame, string recording, Type headType)
    {
        var outputs = Outputs(model, frame);
        var input = new FrameSize(outputs[1].Shape[3] * 4, outputs[1].Shape[2] * 4);
        using var expected = Recorded($"vtest.{recording}.predict", frame);
        Check(outputs, LetterboxTransform.Square(input, input), expected.RootElement, headType, compareBoxes: false);
    }

    private static void Check(OutputTensor[] outputs, LetterboxTransform letterbox, JsonElement expected, Type headType, bool compareBoxes)
    {
        var options = new DetectionOptions { Masks = MaskMode.Reference };
        var head = DetectionHeads.Choose([.. outputs.Select(output => output.Shape)], null, 80, options, out _);
        Assert.IsType(headType, head);
        using var detections = new DetectionList();
        head.Decode(outputs, 0, letterbox, detections);

        Assert.Equal(expected.GetProperty("cls").EnumerateArray().Select(c => (int)c.GetDouble()), detections.Items.Select(i => i.ClassId));
        for (var i = 0; i < detections.Items.Count; i++)
        {
            var item = detections.Items[i];
            Assert.Equal(expected.GetProperty("conf")[i].GetSingle(), item.Score, 1e-6f);
            var box = expected.GetProperty("xyxy")[i];
            float[] found = [item.Box.X1, item.Box.Y1, item.Box.X2, item.Box.Y2];
            for (var side = 0; side < 4 && compareBoxes; side++)
            {
                Assert.Equal(box[side].GetSingle(), found[side], 1e-3f);
            }

            var recorded = CocoRle.Decode(expected.GetProperty("rle")[i].GetString());
            Assert.Equal(0, Runs.DifferingPixels(recorded, item.Mask.Counts.Span));
        }
    }

    private static OutputTensor[] Outputs(string model, int frame) =>
        [
            .. new[] { "output0", "output1" }
                .Select(output => NpyFile.Read(SharedData.Path($"reference/frames/raw/{model}.{frame:d6}.{output}.npy")))
                .Select(array => new OutputTensor(array.Values, array.Shape)),
        ];

    private static JsonDocument Recorded(string recording, int frame)
    {
        using var file = File.OpenRead(SharedData.Path($"reference/recordings/{recording}.jsonl.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        lines.ReadLine();
        for (var i = 0; i < frame; i++)
        {
            lines.ReadLine();
        }

        var line = JsonDocument.Parse(lines.ReadLine()!);
        Assert.Equal(frame, line.RootElement.GetProperty("frame").GetInt32());
        return line;
    }
}
