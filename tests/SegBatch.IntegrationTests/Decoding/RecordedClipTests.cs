using System.Security.Cryptography;
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

    /// <summary>The recorder's FFmpeg decodes MPEG-4 with another IDCT: samples may be a few levels off, never more.</summary>
    [Fact]
    public async Task Reference_colours_are_those_of_the_recorded_frames()
    {
        using var recorded = FrameReader.Open(SharedData.Path("reference/frames"), new DecodingOptions());
        using var video = FrameReader.Open(
            SharedData.Path("videos/vtest.avi"),
            new DecodingOptions
            {
                ReferenceRgb = true,
                Start = Moment.AtFrame(96),
                End = Moment.AtFrame(108),
            }
        );
        using var pool = new FramePool(4);
        await using var expected = recorded.ReadAsync(pool, Token).GetAsyncEnumerator(Token);
        await foreach (var frame in video.ReadAsync(pool, Token))
        {
            Assert.True(await expected.MoveNextAsync());
            using var reference = expected.Current;
            using (frame)
            {
                var (sum, most) = Difference(frame.Rgb, reference.Rgb);
                TestContext.Current.SendDiagnosticMessage($"frame {frame.Index}: mean {sum:F4}, most {most}");
                Assert.InRange(sum, 0, 0.5);
            }
        }

        Assert.False(await expected.MoveNextAsync());
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

    private static (double Mean, int Most) Difference(RgbPicture a, RgbPicture b)
    {
        var (sum, most) = (0L, 0);
        for (var y = 0; y < a.Size.Height; y++)
        {
            for (var x = 0; x < 3 * a.Size.Width; x++)
            {
                var difference = Math.Abs(a.Pixels[(y * a.Stride) + x] - b.Pixels[(y * b.Stride) + x]);
                sum += difference;
                most = Math.Max(most, difference);
            }
        }

        return (sum / (3.0 * a.Size.Area), most);
    }
}
