using System.Security.Cryptography;
using SegBatch.Decoding;
using SegBatch.Demo;
using SegBatch.IntegrationTests.Output;
using SegBatch.Masks;
using SegBatch.Native.DuckDb;
using Xunit;

namespace SegBatch.IntegrationTests.Demo;

public sealed class DemoArchiveTests(DemoFixture demo)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What each clip is there for, as FFmpeg's own tool sees it.</summary>
    [Theory]
    [InlineData("01-h264-audio.mp4", "h264", "yuv420p", 640, 384, 200, 0)]
    [InlineData("02-hevc-variable-rate.mkv", "hevc", "yuv420p", 640, 360, 150, 0)]
    [InlineData("03-h264-rotated.mp4", "h264", "yuv420p", 640, 360, 100, -90)]
    [InlineData("04-hevc-10-bit.mp4", "hevc", "yuv420p10le", 640, 360, 75, 0)]
    [InlineData("05-h264-one-frame.mp4", "h264", "yuv420p", 640, 360, 1, 0)]
    [InlineData("06-vp9-odd-size.webm", "vp9", "yuv420p", 427, 241, 75, 0)]
    public async Task Clips_are_what_their_names_say(string name, string codec, string format, int width, int height, int frames, int turn)
    {
        var path = Path.Combine(await demo.ArchiveAsync(), name);
        var video = await FFmpegTool.Stream(path, "v:0");
        Assert.Equal(codec, video.GetProperty("codec_name").GetString());
        Assert.Equal(format, video.GetProperty("pix_fmt").GetString());
        Assert.Equal((width, height), (video.GetProperty("width").GetInt32(), video.GetProperty("height").GetInt32()));
        Assert.Equal($"{frames}", video.GetProperty("nb_read_packets").GetString());
        Assert.Equal("bt709", video.GetProperty("color_space").GetString());
        var rotation = video.TryGetProperty("side_data_list", out var list)
            ? list.EnumerateArray().Select(data => data.TryGetProperty("rotation", out var angle) ? angle.GetInt32() : 0).Sum()
            : 0;
        Assert.Equal(turn, rotation);

        var streams = await FFmpegTool.Probe(path, "-show_entries", "stream=codec_type,codec_name");
        var audio = streams.GetProperty("streams").EnumerateArray().Where(s => s.GetProperty("codec_type").GetString() == "audio");
        Assert.Equal(
            name.Contains("audio", StringComparison.Ordinal) ? ["aac"] : [],
            audio.Select(s => s.GetProperty("codec_name").GetString())
        );

        var expected = DemoClips.All.Single(clip => clip.FileName == name).Times().Select(time => time / 1000.0).ToArray();
        var times = await FFmpegTool.FrameTimes(path);
        Assert.Equal(expected.Length, times.Length);
        Assert.All(expected.Zip(times), pair => Assert.Equal(pair.First, pair.Second - times[0], 1e-6));
    }

    /// <summary>
    /// The masks lie where the decoded pictures show their objects: inside (off the edge) the brightness is that which was drawn, with
    /// the losses of the codec; a mask one frame or a few pixels off would hold background.
    /// </summary>
    [Theory]
    [InlineData("01-h264-audio.mp4")]
    [InlineData("02-hevc-variable-rate.mkv")]
    [InlineData("03-h264-rotated.mp4")]
    [InlineData("04-hevc-10-bit.mp4")]
    [InlineData("05-h264-one-frame.mp4")]
    [InlineData("06-vp9-odd-size.webm")]
    public async Task Decoded_frames_show_what_was_drawn(string name)
    {
        var clip = DemoClips.All.Single(clip => clip.FileName == name);
        var rasterizer = new SceneRasterizer(new DemoScene(clip.Size, clip.Seed, clip.Wanderers, clip.Crossers));
        var rgb = new byte[clip.Size.Area * 3];
        using var reader = FrameReader.Open(Path.Combine(await demo.ArchiveAsync(), name), new DecodingOptions());
        using var pool = new FramePool(4);
        using var times = clip.Times().GetEnumerator();
        var worst = 0d;
        await foreach (var frame in reader.ReadAsync(pool, Token))
        {
            using (frame)
            {
                Assert.True(times.MoveNext());
                Assert.Equal(clip.Size, frame.Size);
                Assert.Equal(times.Current / 1000.0, frame.TimeSeconds, 1e-6);
                rasterizer.Draw(times.Current / 1000.0, rgb);
                worst = Math.Max(worst, MeanLumaDifference(rgb, frame.Yuv));
            }
        }

        Assert.False(times.MoveNext());
        TestContext.Current.SendDiagnosticMessage($"{name}: worst mean difference {worst:F2} of 219 levels");
        Assert.InRange(worst, 0, 1);
    }

    [Fact]
    public async Task Truth_masks_decode_to_their_areas_and_boxes()
    {
        var truth = Path.Combine(await demo.ArchiveAsync(), "truth", "instances");
        using var database = DuckDbDatabase.InMemory(threads: 1);
        using var connection = database.Connect();
        using var rows = connection.Query(
            $"select mask_rle, mask_width, mask_height, mask_area, x1, y1, x2, y2, visible from '{truth}/*.parquet' where frame % 10 = 0"
        );
        var count = 0;
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Rows; row++, count++)
            {
                var counts = CocoRle.Decode(rows.Utf8(0, row));
                var mask = new RleMask(new(rows.Value<int>(1, row), rows.Value<int>(2, row)), counts);
                mask.Validate();
                Assert.Equal(rows.Value<long>(3, row), mask.Area);
                var box = mask.Bounds;
                var found = Enumerable.Range(4, 4).Select(column => rows.Value<float>(column, row));
                Assert.Equal([box.X1, box.Y1, box.X2, box.Y2], found);
                Assert.InRange(rows.Value<double>(8, row), double.Epsilon, 1);
            }
        }

        Assert.True(count > 200, $"only {count} masks were looked at");
    }

    [Fact]
    public async Task An_archive_is_rendered_once_again_when_it_is_not_whole_and_always_the_same()
    {
        var whole = await demo.ArchiveAsync();
        var folder = Directory.CreateTempSubdirectory("segbatch-demo-again-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(whole, "0*"))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            var lines = new List<string>();
            await DemoArchive.EnsureAsync(folder, Add, Token); // the marker is missing, as after a kill
            Assert.NotEmpty(lines);
            Assert.Equal(Hashes(whole), Hashes(folder));
            Assert.Empty(Directory.GetDirectories(folder, ".*"));

            lines.Clear();
            await DemoArchive.EnsureAsync(folder, Add, Token);
            Assert.Empty(lines);

            void Add(string line)
            {
                lock (lines)
                {
                    lines.Add(line);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_cancelled_rendering_leaves_no_clip_under_its_name()
    {
        var folder = Directory.CreateTempSubdirectory("segbatch-demo-stop-").FullName;
        try
        {
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Token);
            stopping.CancelAfter(TimeSpan.FromMilliseconds(300));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DemoArchive.EnsureAsync(folder, null, stopping.Token));
            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Hashes(string folder) =>
        [
            .. Directory
                .GetFiles(folder, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file => $"{Path.GetRelativePath(folder, file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"),
        ];

    /// <summary>Mean absolute difference of the luma samples from those of the picture drawn (BT.709, limited range).</summary>
    private static double MeanLumaDifference(byte[] rgb, YuvPicture decoded)
    {
        var sum = 0d;
        for (var y = 0; y < decoded.Size.Height; y++)
        {
            for (var x = 0; x < decoded.Size.Width; x++)
            {
                var pixel = 3 * (y * decoded.Size.Width + x);
                var luma = 16 + (0.2126 * rgb[pixel] + 0.7152 * rgb[pixel + 1] + 0.0722 * rgb[pixel + 2]) * 219 / 255;
                sum += Math.Abs(luma - decoded.Y[y * decoded.StrideY + x]);
            }
        }

        return sum / decoded.Size.Area;
    }
}
