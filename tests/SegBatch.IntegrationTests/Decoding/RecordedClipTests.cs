using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using SegBatch.Decoding;
using SegBatch.Tests;
using Xunit;

namespace SegBatch.IntegrationTests.Decoding;

/// <summary>Real clips, against what the reference's decoder delivered.</summary>
public sealed class RecordedClipTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("videos/vtest.avi", 795, 768, 576)]
    [InlineData("videos/walking.mp4", 341, 960, 540)]
    public async Task A_clip_gives_exactly_its_frames(string clip, int frames, int width, int height)
    {
        using var reader = FrameReader.Open(SharedData.Path(clip), new DecodingOptions());
        using var pool = new FramePool(4);
        var count = 0;
        var last = double.NegativeInfinity;
        await foreach (var frame in reader.ReadAsync(pool, Token))
        {
            using (frame)
            {
                Assert.Equal(count++, frame.Index);
                Assert.Equal((width, height), (frame.Size.Width, frame.Size.Height));
                Assert.True(frame.TimeSeconds > last);
                last = frame.TimeSeconds;
            }
        }

        Assert.Equal(frames, count);
        Assert.Equal(frames, reader.Info.EstimatedFrames);
        Assert.Equal(0, pool.Outstanding);
    }

    /// <summary>Every recorded frame: the bytes that OpenCV handed to the reference, by their MD5.</summary>
    [Fact]
    public async Task Reference_colours_are_those_of_the_recording_byte_for_byte()
    {
        var recorded = Recording("reference/recordings/vtest.yolov8n.rect.predict.jsonl.gz");
        var options = new DecodingOptions { ReferenceRgb = true, End = Moment.AtFrame(recorded.Count) };
        using var reader = FrameReader.Open(SharedData.Path("videos/vtest.avi"), options);
        using var pool = new FramePool(2);
        var found = new Dictionary<long, string>();
        await foreach (var frame in reader.ReadAsync(pool, Token))
        {
            using (frame)
            {
                found[frame.Index] = Md5OfBgr(frame);
            }
        }

        Assert.Equal(200, recorded.Count);
        Assert.Equal(recorded, found);
    }

    [Fact]
    public async Task A_folder_of_pictures_is_read_as_the_recorder_saw_it()
    {
        using var index = SharedData.Json("reference/frames/frames.json");
        var folder = SharedData.Path("reference/frames");
        using var reader = FrameReader.Open(folder, new DecodingOptions());
        using var pool = new FramePool(2);
        var md5 = index.RootElement.ToString();
        var count = 0;
        await foreach (var frame in reader.ReadAsync(pool, Token))
        {
            using (frame)
            {
                Assert.Contains(Md5OfBgr(frame), md5, StringComparison.Ordinal);
                Assert.Equal($"{96 + count:000000}.png", frame.File);
                count++;
            }
        }

        Assert.Equal(12, count);
        Assert.Equal(0, pool.Outstanding);
    }

    private static string Md5OfBgr(VideoFrame frame)
    {
        var rgb = frame.Rgb;
        var bgr = new byte[3 * rgb.Size.Width * rgb.Size.Height];
        for (var y = 0; y < rgb.Size.Height; y++)
        {
            for (var x = 0; x < rgb.Size.Width; x++)
            {
                var (from, to) = ((y * rgb.Stride) + (3 * x), 3 * ((y * rgb.Size.Width) + x));
                (bgr[to], bgr[to + 1], bgr[to + 2]) = (rgb.Pixels[from + 2], rgb.Pixels[from + 1], rgb.Pixels[from]);
            }
        }

        return Convert.ToHexStringLower(MD5.HashData(bgr));
    }

    /// <summary>MD5 by frame index; the first line describes the run.</summary>
    private static Dictionary<long, string> Recording(string relative)
    {
        using var file = File.OpenRead(SharedData.Path(relative));
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        _ = text.ReadLine();
        var frames = new Dictionary<long, string>();
        while (text.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            frames[json.RootElement.GetProperty("frame").GetInt64()] = json.RootElement.GetProperty("md5").GetString()!;
        }

        return frames;
    }
}
