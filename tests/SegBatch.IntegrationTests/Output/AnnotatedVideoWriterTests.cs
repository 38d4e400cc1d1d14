using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Output;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.IntegrationTests.Output;

public sealed class AnnotatedVideoWriterTests : IDisposable
{
    private static readonly string[] Picture = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25"];
    private static readonly string[] Tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"];
    private static readonly VideoEncodingOptions Fast = new() { Preset = "ultrafast" };

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-video-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_variable_rate_keeps_its_times_and_audio_is_copied()
    {
        var source = File("vfr.mp4");
        string[] variable = ["-vf", "select='not(mod(n,3))+gt(n,40)'", "-fps_mode", "vfr", "-c:v", "libx264", "-preset", "ultrafast"];
        await FFmpegTool.Make([.. Picture, .. Tone, "-t", "3.04", .. variable, "-c:a", "aac", source]);
        var (target, report) = await Write(source, Fast with { Preset = "fast" });
        var times = await FFmpegTool.FrameTimes(source);
        Assert.Equal(49, times.Length);
        Assert.Equal(times, await FFmpegTool.FrameTimes(target), NearlyEqual);
        var video = await FFmpegTool.Stream(target, "v:0");
        Assert.Equal("h264", video.GetProperty("codec_name").GetString());
        Assert.Equal("yuv420p", video.GetProperty("pix_fmt").GetString());
        Assert.Equal(await Packets(source, "a:0"), await Packets(target, "a:0"));
        Assert.Equal("aac", (await FFmpegTool.Stream(target, "a:0")).GetProperty("codec_name").GetString());
        Assert.Equal((49, 0, 0), (report.Frames, report.TimestampsRepaired, report.FramesScaled));
        Assert.True(await IndexComesFirst(target), "moov before mdat");
    }

    [Theory]
    [InlineData("0.7")] // a start offset is kept
    [InlineData("8")]
    public async Task A_start_offset_is_kept(string offset)
    {
        var source = File("late.mkv");
        await FFmpegTool.Make([.. Picture, .. Tone, "-t", "1", "-c:v", "libx264", "-c:a", "libopus", "-output_ts_offset", offset, source]);
        var (target, report) = await Write(source, Fast);
        Assert.Equal(await FFmpegTool.FrameTimes(source), await FFmpegTool.FrameTimes(target), NearlyEqual);
        Assert.Equal(0, report.ShiftSeconds);
    }

    [Fact]
    public async Task A_capture_that_starts_hours_late_is_written_from_zero()
    {
        var source = File("late.ts");
        await FFmpegTool.Make([.. Picture, .. Tone, "-t", "1", "-c:v", "libx264", "-c:a", "aac", "-output_ts_offset", "9000", source]);
        var (target, report) = await Write(source, Fast);
        var times = await FFmpegTool.FrameTimes(source);
        var expected = times.Select(time => time - times[0]);
        Assert.Equal(expected, await FFmpegTool.FrameTimes(target), NearlyEqual);
        Assert.Equal(times[0], report.ShiftSeconds, 3);
        Assert.InRange(await StartTime(target, "a:0"), -0.1, 0.1);
    }

    /// <summary>/dev/full takes every open and refuses every write, as a full disk does.</summary>
    [Theory]
    [InlineData("mkv")]
    [InlineData("mp4")]
    public async Task A_full_disk_is_an_error_of_the_storage_and_not_of_FFmpeg(string container)
    {
        var source = File("source.mp4");
        await FFmpegTool.Make([.. Picture, "-t", "0.4", "-c:v", "libx264", source]);
        System.IO.File.CreateSymbolicLink(File($"annotated.{container}"), "/dev/full");
        var error = await Assert.ThrowsAsync<IOException>(() => Write(source, Fast with { Container = container }));
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Odd_sides_are_made_even()
    {
        var source = File("odd.mkv");
        await FFmpegTool.Make([.. Picture, "-t", "0.4", "-vf", "crop=319:239:exact=1", "-c:v", "ffv1", "-pix_fmt", "yuv420p", source]);
        var (target, report) = await Write(source, Fast with { Crf = 1 });
        Assert.Equal(new(320, 240), report.Size);
        var stream = await FFmpegTool.Stream(target, "v:0");
        Assert.Equal((320, 240), (stream.GetProperty("width").GetInt32(), stream.GetProperty("height").GetInt32()));
        Assert.Equal(await Samples(source, 319, 239, 0), await Samples(target, 320, 240, 0), tolerance: 10);
        Assert.Equal(await Samples(source, 319, 239, 318), await Samples(target, 320, 240, 319), tolerance: 10);
    }

    [Theory]
    [InlineData(VideoCodec.Hevc, "mkv", "hevc")]
    [InlineData(VideoCodec.Av1, "mkv", "av1")]
    [InlineData(VideoCodec.H264, "mkv", "h264")]
    [InlineData(VideoCodec.Hevc, "mp4", "hevc")]
    [InlineData(VideoCodec.Av1, "mp4", "av1")]
    public async Task Writes_the_other_codecs_and_containers(VideoCodec codec, string container, string name)
    {
        var source = File("source.mp4");
        await FFmpegTool.Make([.. Picture, .. Tone, "-t", "1", "-c:v", "libx264", "-c:a", "aac", source]);
        var (target, _) = await Write(source, Fast with { Codec = codec, Container = container, Crf = 35 });
        var stream = await FFmpegTool.Stream(target, "v:0");
        Assert.Equal(name, stream.GetProperty("codec_name").GetString());
        Assert.Equal("yuv420p", stream.GetProperty("pix_fmt").GetString());
        var (expected, written) = (await FFmpegTool.FrameTimes(source), await FFmpegTool.FrameTimes(target));
        Assert.Equal(25, written.Length);
        var shift = written[0] - expected[0]; // Matroska has no negative times: the encoder delay of AAC moves everything
        Assert.InRange(shift, 0, container == "mkv" ? 0.022 : 0);
        Assert.Equal(expected, written.Select(time => time - shift), (a, b) => Math.Abs(a - b) <= 0.001);
        Assert.Equal(await Packets(source, "a:0"), await Packets(target, "a:0"));
    }

    [Fact]
    public async Task Colours_and_pixel_shape_are_kept()
    {
        var source = File("colour.mkv");
        string[] tags = ["-color_range", "pc", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"];
        string[] filters = ["-vf", "scale=out_range=pc:out_color_matrix=bt709,setsar=4/3,format=yuv420p"];
        await FFmpegTool.Make([.. Picture, "-t", "0.2", .. filters, .. tags, "-c:v", "libx264", source]);
        var (target, _) = await Write(source, Fast);
        var stream = await FFmpegTool.Stream(target, "v:0");
        Assert.Equal("pc", stream.GetProperty("color_range").GetString());
        Assert.Equal("bt709", stream.GetProperty("color_space").GetString());
        Assert.Equal("bt709", stream.GetProperty("color_primaries").GetString());
        Assert.Equal("bt709", stream.GetProperty("color_transfer").GetString());
        Assert.Equal("4:3", stream.GetProperty("sample_aspect_ratio").GetString());
    }

    [Fact]
    public async Task Audio_that_the_container_does_not_take_is_named()
    {
        var source = File("pcm.mkv");
        await FFmpegTool.Make([.. Picture, .. Tone, "-t", "0.4", "-c:v", "libx264", "-c:a", "pcm_s16le", source]);
        var (target, report) = await Write(source, Fast);
        Assert.Contains("pcm_s16le", Assert.Single(report.SkippedAudio), StringComparison.Ordinal);
        Assert.Equal(1, (await FFmpegTool.Probe(target, "-show_streams")).GetProperty("streams").GetArrayLength());
        var (matroska, kept) = await Write(source, Fast with { Container = "mkv" });
        Assert.Empty(kept.SkippedAudio);
        Assert.Equal(await Packets(source, "a:0"), await Packets(matroska, "a:0"));
    }

    [Fact]
    public async Task A_clip_starts_at_zero_with_its_own_audio()
    {
        var source = File("long.mp4");
        await FFmpegTool.Make([.. Picture, .. Tone, "-t", "4", "-c:v", "libx264", "-c:a", "aac", source]);
        var part = new DecodingOptions { Start = Moment.AtSeconds(2), End = Moment.AtSeconds(3) };
        var (target, report) = await Write(source, Fast, part);
        var times = await FFmpegTool.FrameTimes(target);
        Assert.Equal(25, times.Length);
        Assert.Equal(0, times[0]);
        Assert.Equal(2, report.ShiftSeconds, 3);
        Assert.InRange(await StartTime(target, "a:0"), -0.03, 0.03);
        Assert.InRange(long.Parse(await Packets(target, "a:0")), 46, 49); // 48000 / 1024 per second
    }

    [Fact]
    public async Task Frames_of_another_size_and_times_that_run_back_are_mended_and_counted()
    {
        var (small, large) = (File("small.mp4"), File("large.mp4"));
        await FFmpegTool.Make([.. Picture, "-t", "0.4", "-c:v", "libx264", small]);
        await FFmpegTool.Make(["-f", "lavfi", "-i", "testsrc2=size=500x300:rate=25", "-t", "0.2", "-c:v", "libx264", large]);
        var target = File("joined.mp4");
        using var reader = new FFmpegFrameReader(small, new());
        using var second = new FFmpegFrameReader(large, new());
        using var writer = new AnnotatedVideoWriter(reader.Info, Fast, target, "videos/joined.mp4", isClip: false);
        await Feed(reader, writer);
        await Feed(second, writer);
        writer.Finish();
        Assert.Equal((15, 5, 5), (writer.Report!.Frames, writer.Report.TimestampsRepaired, writer.Report.FramesScaled));
        Assert.Equal(15, (await FFmpegTool.FrameTimes(target)).Length);
    }

    [Fact]
    public async Task Equal_frames_give_equal_bytes()
    {
        var source = File("source.mp4");
        await FFmpegTool.Make([.. Picture, .. Tone, "-t", "0.6", "-c:v", "libx264", "-c:a", "aac", source]);
        var (first, _) = await Write(source, Fast);
        var before = await System.IO.File.ReadAllBytesAsync(first, TestContext.Current.CancellationToken);
        var (second, _) = await Write(source, Fast);
        Assert.Equal(before, await System.IO.File.ReadAllBytesAsync(second, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_finishing_nothing_is_left()
    {
        var source = File("source.mp4");
        await FFmpegTool.Make([.. Picture, "-t", "0.2", "-c:v", "libx264", source]);
        var target = File("dropped.mp4");
        using (var reader = new FFmpegFrameReader(source, new()))
        using (var writer = new AnnotatedVideoWriter(reader.Info, Fast, target, "videos/dropped.mp4", isClip: false))
        {
            await Feed(reader, writer);
            Assert.True(System.IO.File.Exists(target));
        }

        Assert.False(System.IO.File.Exists(target));
    }

    private string File(string name) => Path.Combine(_folder, name);

    private async Task<(string Path, AnnotatedVideoReport Report)> Write(
        string source,
        VideoEncodingOptions options,
        DecodingOptions? part = null
    )
    {
        var target = File($"annotated.{options.Container}");
        using var reader = new FFmpegFrameReader(source, part ?? new());
        using var writer = new AnnotatedVideoWriter(reader.Info, options, target, "videos/a.mp4", isClip: part is not null);
        await Feed(reader, writer);
        Assert.Equal(new StagedFile(target, "videos/a.mp4"), Assert.Single(writer.Finish()));
        return (target, writer.Report!);
    }

    private static async Task Feed(FFmpegFrameReader reader, AnnotatedVideoWriter writer)
    {
        using var pool = new FramePool(2);
        await foreach (var frame in reader.ReadAsync(pool, TestContext.Current.CancellationToken))
        {
            using var tracked = new TrackedFrame(new DetectedFrame(frame, new DetectionList()), []);
            writer.Write(tracked);
        }
    }

    private static bool NearlyEqual(double a, double b) => Math.Abs(a - b) < 1e-4;

    private static async Task<string> Packets(string path, string stream) =>
        (await FFmpegTool.Stream(path, stream)).GetProperty("nb_read_packets").GetString()!;

    private static async Task<double> StartTime(string path, string stream) =>
        double.Parse((await FFmpegTool.Stream(path, stream)).GetProperty("start_time").GetString()!);

    /// <summary>Mean luma of one column of the first frame, decoded by the tool.</summary>
    private async Task<double> Samples(string path, int width, int height, int column)
    {
        var raw = File("frame.gray");
        await FFmpegTool.Make("-i", path, "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", raw);
        var luma = await System.IO.File.ReadAllBytesAsync(raw, TestContext.Current.CancellationToken);
        return Enumerable.Range(0, height).Average(row => luma[row * width + column]);
    }

    private static async Task<bool> IndexComesFirst(string path)
    {
        var bytes = await System.IO.File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var (index, data) = (bytes.AsSpan().IndexOf("moov"u8), bytes.AsSpan().IndexOf("mdat"u8));
        return index > 0 && index < data;
    }
}
