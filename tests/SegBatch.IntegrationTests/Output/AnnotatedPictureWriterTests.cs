using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Output;
using SegBatch.Tracking;
using Xunit;

namespace SegBatch.IntegrationTests.Output;

public sealed class AnnotatedPictureWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-pictures-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("png", 320, 240)]
    [InlineData("jpg", 319, 239)]
    [InlineData("bmp", 640, 720)]
    public async Task A_picture_keeps_its_colours(string extension, int width, int height)
    {
        var source = Path.Combine(_folder, "source." + extension);
        await FFmpegTool.Make("-f", "lavfi", "-i", $"smptebars=size={width}x{height}", "-frames:v", "1", "-q:v", "1", source);
        var staging = Path.Combine(_folder, "staging");
        using var writer = new AnnotatedPictureWriter(staging, "source");
        using (var reader = new FFmpegFrameReader(source, new()))
        {
            await Feed(reader, writer);
        }

        var file = Assert.Single(writer.Finish());
        Assert.Equal("videos/source.jpg", file.RelativePath);
        var (expected, written) = (await Rgb(source), await Rgb(file.StagedPath));
        Assert.Equal(width * height * 3, written.Length);
        Assert.InRange(expected.Zip(written, (a, b) => Math.Abs(a - b)).Average(), 0, 2.5);
    }

    [Fact]
    public async Task Pictures_of_a_folder_keep_their_names()
    {
        var pictures = Path.Combine(_folder, "pictures");
        Directory.CreateDirectory(pictures);
        foreach (var name in new[] { "a.png", "a.jpg", "b.png" })
        {
            await FFmpegTool.Make("-f", "lavfi", "-i", "testsrc2=size=64x48", "-frames:v", "1", Path.Combine(pictures, name));
        }

        var staging = Path.Combine(_folder, "staging");
        using (var writer = new AnnotatedPictureWriter(staging, "pictures"))
        {
            using (var reader = new PictureFolderReader(pictures, new()))
            {
                await Feed(reader, writer);
            }

            var names = writer.Finish().Select(file => file.RelativePath);
            Assert.Equal(
                ["videos/pictures/a-2.jpg", "videos/pictures/a.jpg", "videos/pictures/b.jpg"],
                names.Order(StringComparer.Ordinal)
            );
        }

        Assert.Equal(3, Directory.GetFiles(staging).Length);
        using (var dropped = new AnnotatedPictureWriter(staging, "pictures")) { }
        Assert.False(Directory.Exists(staging));
    }

    private static async Task Feed(IFrameReader reader, AnnotatedPictureWriter writer)
    {
        using var pool = new FramePool(2);
        await foreach (var frame in reader.ReadAsync(pool, TestContext.Current.CancellationToken))
        {
            using var tracked = new TrackedFrame(new DetectedFrame(frame, new DetectionList()), []);
            writer.Write(tracked);
        }
    }

    private async Task<byte[]> Rgb(string path)
    {
        var raw = Path.Combine(_folder, "raw.rgb");
        await FFmpegTool.Make("-i", path, "-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", raw);
        return await File.ReadAllBytesAsync(raw, TestContext.Current.CancellationToken);
    }
}
