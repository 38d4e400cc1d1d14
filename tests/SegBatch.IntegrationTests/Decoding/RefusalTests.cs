using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using SegBatch.Decoding;
using SegBatch.IntegrationTests.Output;
using Xunit;

namespace SegBatch.IntegrationTests.Decoding;

/// <summary>Sources that are refused, each with the code that users filter by.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly Clips _clips = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _clips.Dispose();

    /// <summary>The first two would play: their parts are there. Nothing may follow them.</summary>
    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\npart.ts\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\nfile part.ts\n")]
    [InlineData("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n")]
    [InlineData(
        "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-main:2011\"></MPD>\n"
    )]
    public async Task Playlists_are_refused_whatever_they_are_called(string text)
    {
        await _clips.Make("part.ts", 5, "64x64", Clips.H264);
        foreach (var name in new[] { "list.mp4", "list.m3u8", "list" })
        {
            await File.WriteAllTextAsync(_clips.Path(name), text, Token);
            var error = await Clips.Refusal(_clips.Path(name));
            Assert.Equal("PLAYLIST", error.Code);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 20_000)]
    public async Task Only_regular_files_are_opened()
    {
        var (pipe, folder, device, nowhere) = (
            _clips.Path("pipe.mp4"),
            _clips.Path("folder.mp4"),
            _clips.Path("zero.mp4"),
            _clips.Path("link.mp4")
        );
        using (var process = Process.Start("mkfifo", pipe))
        {
            await process.WaitForExitAsync(Token);
        }

        Directory.CreateDirectory(folder);
        File.CreateSymbolicLink(device, "/dev/zero");
        File.CreateSymbolicLink(nowhere, _clips.Path("absent.mp4"));

        foreach (var path in new[] { pipe, device, nowhere })
        {
            Assert.Equal("NOT_REGULAR", (await Clips.Refusal(path)).Code);
        }

        Assert.Equal("NOT_REGULAR", Assert.Throws<DecodingException>(() => new FFmpegFrameReader(folder, new())).Code);
        Assert.Equal("GONE", (await Clips.Refusal(_clips.Path("absent.mp4"))).Code);
        Assert.Equal("NAME", (await Clips.Refusal(_clips.Path("b\ufffdro.mp4"))).Code); // what .NET makes of a name that is not UTF-8
    }

    [Fact]
    public async Task What_is_no_medium_is_told_apart()
    {
        await File.WriteAllBytesAsync(_clips.Path("empty.mp4"), [], Token);
        await File.WriteAllTextAsync(_clips.Path("text.mp4"), "text\n", Token);
        var noise = new byte[65536];
        new Random(7).NextBytes(noise);
        await File.WriteAllBytesAsync(_clips.Path("noise.mp4"), noise, Token);
        await using (var sparse = File.Create(_clips.Path("sparse.mp4")))
        {
            sparse.SetLength(1L << 34);
        }

        Assert.Equal("EMPTY", (await Clips.Refusal(_clips.Path("empty.mp4"))).Code);
        Assert.Equal("NOT_MEDIA", (await Clips.Refusal(_clips.Path("text.mp4"))).Code);
        Assert.Equal("NOT_MEDIA", (await Clips.Refusal(_clips.Path("noise.mp4"))).Code);
        Assert.Equal("NO_INDEX", (await Clips.Refusal(_clips.Path("sparse.mp4"))).Code);
    }

    [Fact]
    public async Task Sound_and_covers_are_no_video()
    {
        var (sound, cover, both) = (_clips.Path("sound.m4a"), _clips.Path("cover.png"), _clips.Path("both.m4a"));
        await FFmpegTool.Make("-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", sound);
        await FFmpegTool.Make("-f", "lavfi", "-i", "testsrc2=s=64x64", "-frames:v", "1", cover);
        await FFmpegTool.Make("-i", sound, "-i", cover, "-map", "0", "-map", "1", "-c", "copy", "-disposition:v:0", "attached_pic", both);

        Assert.Equal("NO_VIDEO", (await Clips.Refusal(sound)).Code);
        Assert.Equal("NO_VIDEO", (await Clips.Refusal(both)).Code);
    }

    [Fact]
    public async Task Damaged_MP4_headers_are_told_apart()
    {
        var whole = await File.ReadAllBytesAsync(await _clips.Make("whole.mp4", 50, "64x64", Clips.H264), Token);
        var unknown = whole.ToArray();
        "zzzz"u8.CopyTo(unknown.AsSpan(whole.AsSpan().IndexOf("avc1avcC"u8) is var at && at >= 0 ? at : LastOf(whole, "avc1"u8)));
        await File.WriteAllBytesAsync(_clips.Path("cut.mp4"), whole[..(whole.Length * 6 / 10)], Token);
        await File.WriteAllBytesAsync(_clips.Path("unknown.mp4"), unknown, Token);

        Assert.Equal("NO_INDEX", (await Clips.Refusal(_clips.Path("cut.mp4"))).Code);
        Assert.Equal("UNSUPPORTED_CODEC", (await Clips.Refusal(_clips.Path("unknown.mp4"))).Code);
    }

    [Fact]
    public async Task Encrypted_clips_are_not_decoded_as_noise()
    {
        const string Key = "00112233445566778899aabbccddeeff";
        string[] encryption = ["-encryption_scheme", "cenc-aes-ctr", "-encryption_key", Key, "-encryption_kid", Key];
        var clip = await _clips.Make("secret.mp4", 10, "64x64", [.. Clips.H264, .. encryption]);
        Assert.Equal("ENCRYPTED", (await Clips.Refusal(clip)).Code);
    }

    [Theory]
    [InlineData(16000)]
    [InlineData(30000)]
    public async Task Huge_pictures_are_refused_by_their_header(int side)
    {
        var picture = _clips.Path("huge.png");
        await File.WriteAllBytesAsync(picture, BlackPng(side), Token);
        var before = Environment.WorkingSet;

        var error = await Clips.Refusal(picture);

        Assert.Equal("TOO_LARGE", error.Code);
        Assert.Contains($"{side}x{side}", error.Message, StringComparison.Ordinal);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 100_000_000);
    }

    [Fact]
    public async Task A_clip_without_a_single_key_frame_has_no_frames()
    {
        var whole = await _clips.Make("whole.mp4", 30, "64x64", Clips.H264);
        var clip = await _clips.Derive(whole, "headless.mkv", "-c", "copy", "-bsf:v", "noise=drop=key");
        Assert.Equal("NO_FRAMES", (await Clips.Refusal(clip)).Code);
    }

    private static int LastOf(byte[] bytes, ReadOnlySpan<byte> mark) => bytes.AsSpan().LastIndexOf(mark);

    /// <summary>One bit per pixel (PNG, W3C recommendation, clauses 5 and 11).</summary>
    private static byte[] BlackPng(int side)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = new byte[1 + ((side + 7) / 8)];
            for (var y = 0; y < side; y++)
            {
                deflate.Write(row);
            }
        }

        byte[] size = [(byte)(side >> 24), (byte)(side >> 16), (byte)(side >> 8), (byte)side];
        return
        [
            0x89,
            .. "PNG\r\n\u001a\n"u8,
            .. Chunk("IHDR", [.. size, .. size, 1, 0, 0, 0, 0]),
            .. Chunk("IDAT", packed.ToArray()),
            .. Chunk("IEND", []),
        ];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        var crc = uint.MaxValue;
        foreach (var value in body)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        crc = ~crc;
        return
        [
            (byte)(data.Length >> 24),
            (byte)(data.Length >> 16),
            (byte)(data.Length >> 8),
            (byte)data.Length,
            .. body,
            (byte)(crc >> 24),
            (byte)(crc >> 16),
            (byte)(crc >> 8),
            (byte)crc,
        ];
    }
}
