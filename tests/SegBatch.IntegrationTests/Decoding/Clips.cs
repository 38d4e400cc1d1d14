using SegBatch.Decoding;
using SegBatch.IntegrationTests.Output;
using Xunit;

namespace SegBatch.IntegrationTests.Decoding;

/// <summary>A folder of clips that the ffmpeg command makes for one test, and readings of them.</summary>
internal sealed class Clips : IDisposable
{
    /// <summary>25 frames per second, B-frames, one key frame per second.</summary>
    public static readonly string[] H264 = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-g", "25", "-pix_fmt", "yuv420p"];

    private readonly string _folder = Directory.CreateTempSubdirectory("segbatch-clips-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Path(string name) => System.IO.Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A moving test picture.</summary>
    public async Task<string> Make(string name, int frames, string size, params string[] arguments)
    {
        var path = Path(name);
        await FFmpegTool.Make(["-f", "lavfi", "-i", $"testsrc2=s={size}:r=25", "-frames:v", $"{frames}", .. arguments, path]);
        return path;
    }

    /// <summary>Another file made of one of this folder.</summary>
    public async Task<string> Derive(string source, string name, params string[] arguments)
    {
        var path = Path(name);
        await FFmpegTool.Make(["-i", source, .. arguments, path]);
        return path;
    }

    /// <summary>All frames as the ffmpeg command decodes them, one after the other without padding.</summary>
    public async Task<byte[]> Raw(string source, string format, params string[] arguments)
    {
        var path = Path("raw.bin");
        await FFmpegTool.Make(["-i", source, "-fps_mode", "passthrough", .. arguments, "-pix_fmt", format, "-f", "rawvideo", path]);
        return await File.ReadAllBytesAsync(path, Token);
    }

    /// <summary>Everything of a source. Asserts that no frame is left behind.</summary>
    public static async Task<List<Shot>> Read(IFrameReader reader)
    {
        var shots = new List<Shot>();
        using var pool = new FramePool(2);
        await foreach (var frame in reader.ReadAsync(pool, Token))
        {
            using (frame)
            {
                shots.Add(Shot.Of(frame));
            }
        }

        Assert.Equal(0, pool.Outstanding);
        return shots;
    }

    public static async Task<List<Shot>> Read(string path, DecodingOptions? options = null)
    {
        using var reader = FrameReader.Open(path, options ?? new DecodingOptions());
        return await Read(reader);
    }

    /// <summary>The verdict on a source that must be refused, on opening or while reading.</summary>
    public static async Task<DecodingException> Refusal(string path) =>
        await Assert.ThrowsAsync<DecodingException>(async () => await Read(path));
}

/// <summary>A copy of a frame: samples without padding.</summary>
internal sealed record Shot(long Index, long? Pts, double Seconds, int Width, int Height, bool Corrupt, ColorSpec Color, string? File)
{
    public required byte[] Y { get; init; }

    public required byte[] U { get; init; }

    public required byte[] V { get; init; }

    /// <summary>Empty for a frame without RGB.</summary>
    public required byte[] Rgb { get; init; }

    /// <summary>The three planes one after the other, as rawvideo holds them.</summary>
    public byte[] Planes => [.. Y, .. U, .. V];

    public static Shot Of(VideoFrame frame)
    {
        var (width, height) = (frame.Size.Width, frame.Size.Height);
        var yuv = frame.Yuv;
        var (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2);
        return new(frame.Index, frame.Pts, frame.TimeSeconds, width, height, frame.Corrupt, yuv.Color, frame.File)
        {
            Y = Packed(yuv.Y, yuv.StrideY, width, height),
            U = Packed(yuv.U, yuv.StrideUv, halfWidth, halfHeight),
            V = Packed(yuv.V, yuv.StrideUv, halfWidth, halfHeight),
            Rgb = frame.HasRgb ? Packed(frame.Rgb.Pixels, frame.Rgb.Stride, 3 * width, height) : [],
        };
    }

    private static byte[] Packed(ReadOnlySpan<byte> plane, int stride, int width, int height)
    {
        var bytes = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            plane.Slice(y * stride, width).CopyTo(bytes.AsSpan(y * width));
        }

        return bytes;
    }
}
