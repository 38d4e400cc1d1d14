using System.IO.Compression;
using SegBatch.Evaluation;
using Xunit;

namespace SegBatch.Tests.Evaluation;

public sealed class RecordingReaderTests : IDisposable
{
    private const string Header = """{"part": "predict", "clip": "gate.mp4", "model": "m.onnx", "args": {"conf": 0.4}}""";

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_recording_is_read_zipped_or_not(bool zipped)
    {
        // A mask of 3 x 2 pixels: 2 clear, 3 set, 1 clear, by the rule of COCO's text: each below 16, so one character 48 + count.
        const string Frame = """
            {"frame": 7, "shape": [3, 2], "xyxy": [[0.5, 1, 2, 3]], "conf": [0.75], "cls": [4], "mask_size": [3, 2], "rle": ["231"]}
            """;
        using (var file = File.Create(_path))
        using (var writer = new StreamWriter(zipped ? new GZipStream(file, CompressionLevel.Fastest) : file))
        {
            writer.WriteLine(Header);
            writer.WriteLine(Frame);
            writer.WriteLine("""{"frame": 8, "xyxy": [], "conf": [], "cls": [], "mask_size": null, "rle": []}""");
        }

        var recording = RecordingReader.Read(_path);
        Assert.Equal(
            ("predict", "gate.mp4", "m.onnx", 0.4, false),
            (recording.Part, recording.Clip, recording.Model, recording.Conf, recording.IsTracked)
        );
        Assert.Equal([7L, 8L], recording.Frames.Select(frame => frame.Index));
        var item = Assert.Single(recording.Frames[0].Objects);
        Assert.Equal((new BoxCorners(0.5, 1, 2, 3), 0.75, 4, null), (item.Box, item.Score, item.ClassId, item.TrackId));
        Assert.Equal((2, 3), (item.Mask!.Value.Size.Width, item.Mask!.Value.Size.Height));
        Assert.Equal([2, 3, 1], item.Mask!.Value.Counts.ToArray());
        Assert.Empty(recording.Frames[1].Objects);
    }

    [Fact]
    public void A_trackers_rows_count_before_the_frames_final_boxes()
    {
        File.WriteAllLines(
            _path,
            [
                """{"part": "bytetrack", "clip": "c", "model": "m", "args": {"conf": 0.1}}""",
                """{"frame": 0, "tracks": [{"xyxy": [1, 2, 3, 4], "id": 9, "conf": 0.2, "cls": 0, "det": 0}], "xyxy": [[0, 0, 1, 1]]}""",
                """{"frame": 1, "xyxy": [[1, 2, 3, 5]], "id": [8], "conf": [0.3], "cls": [1]}""",
            ]
        );
        var recording = RecordingReader.Read(_path);
        Assert.True(recording.IsTracked);
        Assert.Equal(0, recording.Conf); // the tracker decides what counts
        Assert.Equal(
            [(new BoxCorners(1, 2, 3, 4), 9L), (new BoxCorners(1, 2, 3, 5), 8L)],
            recording.Frames.SelectMany(frame => frame.Objects).Select(item => (item.Box, item.TrackId!.Value))
        );
    }

    [Theory]
    [InlineData(1, "'part' is missing", "{}")]
    [InlineData(1, "this is no JSON", "part: predict")]
    [InlineData(2, "this is no JSON", Header, """{"frame": 0, "xyxy": [""")]
    [InlineData(2, "'frame' is missing", Header, """{"xyxy": []}""")]
    [InlineData(2, "expected an object", Header, "[1]")]
    [InlineData(3, "'conf' has 2 values, expected 1", Header, "", """{"frame": 0, "xyxy": [[1, 2, 3, 4]], "conf": [1, 2], "cls": [0]}""")]
    [InlineData(2, "a box is [x1, y1, x2, y2]", Header, """{"frame": 0, "xyxy": [[1, 2, 3]], "conf": [1], "cls": [0]}""")]
    [InlineData(2, "'cls' holds 0.5", Header, """{"frame": 0, "xyxy": [[1, 2, 3, 4]], "conf": [1], "cls": [0.5]}""")]
    [InlineData(
        2,
        "the run lengths",
        Header,
        """{"frame": 0, "xyxy": [[1, 2, 3, 4]], "conf": [1], "cls": [0], "mask_size": [3, 2], "rle": ["233"]}"""
    )]
    [InlineData(
        3,
        "frame 0 was there before",
        Header,
        """{"frame": 0, "xyxy": [], "conf": [], "cls": []}""",
        """{"frame": 0, "xyxy": [], "conf": [], "cls": []}"""
    )]
    public void What_is_wrong_is_told_with_its_line(int line, string what, params string[] lines)
    {
        File.WriteAllLines(_path, lines);
        var error = Assert.Throws<RecordingException>(() => RecordingReader.Read(_path));
        Assert.StartsWith($"{_path}, line {line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_off_or_missing_is_told_so()
    {
        using (var file = File.Create(_path))
        using (var writer = new StreamWriter(new GZipStream(file, CompressionLevel.Fastest)))
        {
            writer.WriteLine(Header);
            for (var i = 0; i < 2000; i++)
            {
                writer.WriteLine($$"""{"frame": {{i}}, "xyxy": [[{{i * 7919 % 1009}}, 2, 3, 4]], "conf": [0.5], "cls": [0]}""");
            }
        }

        File.WriteAllBytes(_path, File.ReadAllBytes(_path)[..2000]);
        Assert.Contains(_path, Assert.Throws<RecordingException>(() => RecordingReader.Read(_path)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "nowhere.jsonl.gz cannot be read",
            Assert.Throws<RecordingException>(() => RecordingReader.Read("/nowhere.jsonl.gz")).Message,
            StringComparison.Ordinal
        );
    }
}
