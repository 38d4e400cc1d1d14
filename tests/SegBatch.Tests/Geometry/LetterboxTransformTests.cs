using System.Text.Json;
using SegBatch.Geometry;
using Xunit;

namespace SegBatch.Tests.Geometry;

public sealed class LetterboxTransformTests
{
    [Theory]
    [InlineData(1920, 1080, 640, 360, 0, 140, 0, 140)]
    [InlineData(810, 1080, 480, 640, 80, 0, 80, 0)]
    [InlineData(1000, 667, 640, 427, 0, 106, 0, 107)]
    [InlineData(333, 777, 274, 640, 183, 0, 183, 0)]
    [InlineData(1366, 768, 640, 360, 0, 140, 0, 140)]
    [InlineData(640, 480, 640, 480, 0, 80, 0, 80)]
    [InlineData(3840, 2160, 640, 360, 0, 140, 0, 140)]
    [InlineData(1280, 721, 640, 360, 0, 140, 0, 140)] // 360.5 rounds to the even 360
    public void Square_letterbox_of_a_640_input(int width, int height, int resizedW, int resizedH, int left, int top, int right, int bottom)
    {
        var transform = LetterboxTransform.Square(new(width, height), new(640, 640));
        Assert.Equal(new FrameSize(640, 640), transform.Input);
        Assert.Equal(new FrameSize(resizedW, resizedH), transform.Resized);
        Assert.Equal((left, top, right, bottom), (transform.PadLeft, transform.PadTop, transform.PadRight, transform.PadBottom));
    }

    [Theory]
    [InlineData(1920, 1080, 640, 384, 0, 12)]
    [InlineData(810, 1080, 480, 640, 0, 0)]
    [InlineData(1000, 667, 640, 448, 0, 10)]
    [InlineData(333, 777, 288, 640, 7, 0)]
    [InlineData(640, 480, 640, 480, 0, 0)]
    public void Minimum_rectangle_of_a_640_input(int width, int height, int inputW, int inputH, int left, int top)
    {
        var transform = LetterboxTransform.MinimumRectangle(new(width, height), new(640, 640));
        Assert.Equal(new FrameSize(inputW, inputH), transform.Input);
        Assert.Equal((left, top), (transform.PadLeft, transform.PadTop));
    }

    [Fact]
    public void Recorded_geometry_is_reproduced()
    {
        using var recording = RecordedData.Json("letterbox_geometry.json");
        CheckGeometry(recording, expectedRows: 120);
    }

    [Fact]
    public void All_recorded_geometry_is_reproduced()
    {
        using var recording = SharedData.Json("reference/oracle/01_letterbox_resize/geometry.json");
        CheckGeometry(recording, expectedRows: 1432);
    }

    [Fact]
    public void Recorded_boxes_go_back_to_the_frame()
    {
        using var recording = RecordedData.Json("scale_boxes.json");
        CheckBoxes(recording, expectedBoxes: 220);
    }

    [Fact]
    public void All_recorded_boxes_go_back_to_the_frame()
    {
        using var recording = SharedData.Json("reference/oracle/09_scale_boxes/cases.json");
        CheckBoxes(recording, expectedBoxes: 2200);
    }

    private static void CheckGeometry(JsonDocument recording, int expectedRows)
    {
        var rows = recording.RootElement.GetProperty("rows");
        Assert.Equal(expectedRows, rows.GetArrayLength());
        foreach (var row in rows.EnumerateArray())
        {
            // src_w, src_h, target_w, target_h, auto, ratio, resized_w, resized_h, pad_l, pad_t, pad_r, pad_b, final_w, final_h
            var n = row.EnumerateArray().Select(cell => cell.GetDouble()).ToArray();
            var source = new FrameSize((int)n[0], (int)n[1]);
            var target = new FrameSize((int)n[2], (int)n[3]);
            var transform = n[4] != 0 ? LetterboxTransform.MinimumRectangle(source, target) : LetterboxTransform.Square(source, target);
            var sizesAndPads = n[6..].Select(number => (int)number).ToArray();
            Assert.Equal(new FrameSize(sizesAndPads[0], sizesAndPads[1]), transform.Resized);
            Assert.Equal(sizesAndPads[2..6], new[] { transform.PadLeft, transform.PadTop, transform.PadRight, transform.PadBottom });
            Assert.Equal(new FrameSize(sizesAndPads[6], sizesAndPads[7]), transform.Input);
        }
    }

    private static void CheckBoxes(JsonDocument recording, int expectedBoxes)
    {
        var boxes = 0;
        foreach (var item in recording.RootElement.GetProperty("cases").EnumerateArray())
        {
            var source = new FrameSize(item.GetProperty("src_w").GetInt32(), item.GetProperty("src_h").GetInt32());
            var square = item.GetProperty("mode").GetString() == "square";
            var target = new FrameSize(640, 640);
            var transform = square ? LetterboxTransform.Square(source, target) : LetterboxTransform.MinimumRectangle(source, target);
            Assert.Equal(item.GetProperty("input_w").GetInt32(), transform.Input.Width);
            Assert.Equal(item.GetProperty("input_h").GetInt32(), transform.Input.Height);
            foreach (var (before, after) in Boxes(item, "boxes_in").Zip(Boxes(item, "boxes_out")))
            {
                var found = transform.ToFrame(before);
                Assert.Equal(after.X1, found.X1, 1e-4f);
                Assert.Equal(after.Y1, found.Y1, 1e-4f);
                Assert.Equal(after.X2, found.X2, 1e-4f);
                Assert.Equal(after.Y2, found.Y2, 1e-4f);
                boxes++;
            }
        }

        Assert.Equal(expectedBoxes, boxes);
    }

    private static IEnumerable<Box> Boxes(JsonElement item, string name) =>
        item.GetProperty(name)
            .EnumerateArray()
            .Select(box => box.EnumerateArray().Select(number => number.GetSingle()).ToArray())
            .Select(n => new Box(n[0], n[1], n[2], n[3]));
}
