using System.Buffers.Binary;
using SegBatch.Decoding;
using Xunit;

namespace SegBatch.IntegrationTests.Decoding;

/// <summary>Sample layouts, colours, sizes and orientations.</summary>
public sealed class LayoutTests : IDisposable
{
    private readonly Clips _clips = new();

    public void Dispose() => _clips.Dispose();

    /// <summary>Luma is stored as it comes out; 10 bits are rounded to 8 (and dithered: one level).</summary>
    [Theory]
    [InlineData("yuv420p", "h264.mkv", "libx264", 0)]
    [InlineData("yuv422p", "h264.mkv", "libx264", 0)]
    [InlineData("yuv444p", "h264.mkv", "libx264", 0)]
    [InlineData("yuv420p10le", "h264.mkv", "libx264", 1)]
    [InlineData("yuv422p10le", "prores.mov", "prores_ks", 1)]
    [InlineData("gray", "ffv1.mkv", "ffv1", 0)]
    [InlineData("nv12", "raw.nut", "rawvideo", 0)]
    [InlineData("yuyv422", "raw.avi", "rawvideo", 0)]
    public async Task Other_layouts_become_8_bit_420(string format, string name, string codec, int tolerance)
    {
        var clip = await _clips.Make(name, 3, "64x48", "-c:v", codec, "-pix_fmt", format);
        var isDeep = format.EndsWith("10le", StringComparison.Ordinal);
        var expected = await _clips.Raw(
            clip,
            isDeep ? "gray16le"
                : format.StartsWith("gray") ? "gray"
                : "yuv444p"
        );
        using var reader = FrameReader.Open(clip, new DecodingOptions());
        var shots = await Clips.Read(reader);

        Assert.Equal(format, reader.Info.PixelFormat);
        Assert.Equal(3, shots.Count);
        if (isDeep)
        {
            var deep = await _clips.Raw(clip, format);
            expected = [.. Deep(deep, shots.Count, 64 * 48)];
            Assert.All(shots, shot => Assert.InRange(Farthest(shot.Y, expected.AsSpan((int)shot.Index * 64 * 48)), 0, tolerance));
        }
        else
        {
            var stride = expected.Length / 3;
            Assert.All(shots, shot => Assert.Equal(expected.AsSpan((int)shot.Index * stride, 64 * 48).ToArray(), shot.Y));
        }

        if (format == "gray")
        {
            Assert.All(shots, shot => Assert.All(shot.U, value => Assert.Equal(128, value)));
        }
    }

    [Theory]
    [InlineData("odd.webm", "libvpx-vp9", "yuv420p")]
    [InlineData("odd.mkv", "ffv1", "yuv420p")]
    public async Task Odd_sizes_keep_their_last_row_and_column(string name, string codec, string format)
    {
        var clip = await _clips.Make(name, 4, "320x240", "-vf", "crop=319:239:exact=1", "-c:v", codec, "-pix_fmt", format, "-threads", "2");
        var expected = await _clips.Raw(clip, "yuv420p");

        var shots = await Clips.Read(clip);

        Assert.All(shots, shot => Assert.Equal((319, 239, 160 * 120), (shot.Width, shot.Height, shot.U.Length)));
        Assert.Equal(expected, shots.SelectMany(shot => shot.Planes));
    }

    /// <summary>The tag counts counter-clockwise here; the ffmpeg command, which turns by itself, is the judge.</summary>
    [Theory]
    [InlineData(90, 270, "transpose=cclock")]
    [InlineData(180, 180, "hflip,vflip")]
    [InlineData(270, 90, "transpose=clock")]
    public async Task Rotated_clips_come_upright(int tag, int clockwise, string filter)
    {
        var plain = await _clips.Make("plain.mp4", 5, "96x64", Clips.H264);
        var turned = await _clips.Derive(plain, "turned.mp4", "-c", "copy", "-metadata:s:v", $"rotate={tag}");
        var expected = await _clips.Raw(turned, "yuv420p");
        using var reader = FrameReader.Open(turned, new DecodingOptions { ReferenceRgb = true });

        var shots = await Clips.Read(reader);

        Assert.Equal(clockwise, reader.Info.Rotation);
        Assert.Equal(clockwise == 180 ? (96, 64) : (64, 96), (reader.Info.Size.Width, reader.Info.Size.Height));
        Assert.Equal(expected, shots.SelectMany(shot => shot.Planes));
        var rgb = await _clips.Raw(plain, "rgb24", "-vf", $"scale=flags=bicubic,format=rgb24,{filter}");
        Assert.Equal(rgb, shots.SelectMany(shot => shot.Rgb));
    }

    /// <summary>EXIF 2.3, tag 0x112: where the stored first row and column belong. A red corner tells.</summary>
    [Theory]
    [InlineData(1, 64, 32, "top left")]
    [InlineData(2, 64, 32, "top right")]
    [InlineData(3, 64, 32, "bottom right")]
    [InlineData(4, 64, 32, "bottom left")]
    [InlineData(5, 32, 64, "top left")]
    [InlineData(6, 32, 64, "top right")]
    [InlineData(7, 32, 64, "bottom right")]
    [InlineData(8, 32, 64, "bottom left")]
    public async Task Photos_come_upright(byte orientation, int width, int height, string corner)
    {
        var plain = await _clips.Make(
            "plain.jpg",
            1,
            "64x32",
            "-vf",
            "drawbox=t=fill:color=black,drawbox=w=32:h=16:t=fill:color=red",
            "-q:v",
            "2"
        );
        var photo = _clips.Path("photo.jpg");
        var bytes = await File.ReadAllBytesAsync(plain, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(photo, [.. bytes[..2], .. Exif(orientation), .. bytes[2..]], TestContext.Current.CancellationToken);
        using var reader = FrameReader.Open(photo, new DecodingOptions());

        var shot = Assert.Single(await Clips.Read(reader));

        Assert.Equal((width, height), (shot.Width, shot.Height));
        Assert.Equal((width, height), (reader.Info.Size.Width, reader.Info.Size.Height));
        Assert.Equal(corner, RedCorner(shot));
    }

    [Fact]
    public async Task A_size_that_changes_gives_frames_of_their_own_size()
    {
        var first = await _clips.Make("1.ts", 10, "64x48", Clips.H264);
        var second = await _clips.Make("2.ts", 10, "96x64", [.. Clips.H264, "-output_ts_offset", "4"]);
        var both = _clips.Path("both.ts");
        await File.WriteAllBytesAsync(
            both,
            [.. File.ReadAllBytes(first), .. File.ReadAllBytes(second)],
            TestContext.Current.CancellationToken
        );
        using var reader = FrameReader.Open(both, new DecodingOptions());

        var shots = await Clips.Read(reader);

        Assert.Equal(20, shots.Count);
        Assert.All(shots, shot => Assert.Equal(shot.Index < 10 ? (64, 48) : (96, 64), (shot.Width, shot.Height)));
        Assert.Contains(reader.Notes, note => note.Contains("size changes at frame 10", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("64x48", null, ColorMatrix.Bt601)]
    [InlineData("64x720", null, ColorMatrix.Bt709)]
    [InlineData("64x48", "bt709", ColorMatrix.Bt709)]
    [InlineData("64x720", "smpte170m", ColorMatrix.Bt601)]
    [InlineData("64x48", "bt2020nc", ColorMatrix.Bt2020)]
    public async Task The_matrix_is_the_tag_or_follows_the_height(string size, string? tag, ColorMatrix expected)
    {
        var clip = await _clips.Make("clip.mp4", 1, size, [.. Clips.H264, .. tag is null ? [] : new[] { "-colorspace", tag }]);
        Assert.Equal(new ColorSpec(expected, false), Assert.Single(await Clips.Read(clip)).Color);
    }

    [Fact]
    public async Task Full_range_stays_full()
    {
        var clip = await _clips.Make("full.avi", 2, "64x48", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "2");
        var expected = await _clips.Raw(clip, "yuvj420p");
        var shots = await Clips.Read(clip);
        Assert.All(shots, shot => Assert.True(shot.Color.FullRange));
        Assert.Equal(expected, shots.SelectMany(shot => shot.Planes));
    }

    [Fact]
    public async Task A_pictures_own_RGB_is_untouched_and_its_YUV_is_BT601_limited()
    {
        var picture = await _clips.Make("picture.png", 1, "96x64", "-vf", "format=rgb24,crop=65:47:exact=1");
        var expected = await _clips.Raw(picture, "rgb24");

        var shot = Assert.Single(await Clips.Read(picture));

        Assert.Equal((65, 47, 33 * 24), (shot.Width, shot.Height, shot.V.Length));
        Assert.Equal(expected, shot.Rgb);
        Assert.Equal(new ColorSpec(ColorMatrix.Bt601, false), shot.Color);
        for (var i = 0; i < shot.Y.Length; i++)
        {
            // ITU-R BT.601-7, 2.5.1 and 2.5.3: luma in 219 steps from 16
            var luma = 16 + (219 / 255.0 * ((0.299 * expected[3 * i]) + (0.587 * expected[(3 * i) + 1]) + (0.114 * expected[(3 * i) + 2])));
            Assert.InRange(shot.Y[i], luma - 1.5, luma + 1.5);
        }
    }

    [Fact]
    public async Task Transparency_lies_over_black()
    {
        var picture = await _clips.Make("clear.png", 1, "32x32", "-vf", "format=rgba,geq=r=200:g=100:b=40:a=128");
        var shot = Assert.Single(await Clips.Read(picture));
        Assert.All(Enumerable.Range(0, 32 * 32), i => Assert.InRange(shot.Rgb[3 * i], 98, 103));
        Assert.InRange(shot.Rgb[1], 48, 53);
        Assert.InRange(shot.Rgb[2], 18, 22);
        Assert.All(shot.Y, value => Assert.InRange(value, 16 + 51, 16 + 55)); // of (100, 50, 20), which has luma 61.5 of 255
    }

    private static IEnumerable<byte> Deep(byte[] samples, int frames, int area)
    {
        var stride = samples.Length / frames;
        for (var frame = 0; frame < frames; frame++)
        {
            for (var i = 0; i < area; i++)
            {
                yield return (byte)(BinaryPrimitives.ReadUInt16LittleEndian(samples.AsSpan((frame * stride) + (2 * i))) >> 2);
            }
        }
    }

    private static int Farthest(byte[] found, ReadOnlySpan<byte> expected)
    {
        var most = 0;
        for (var i = 0; i < found.Length; i++)
        {
            most = Math.Max(most, Math.Abs(found[i] - expected[i]));
        }

        return most;
    }

    private static string RedCorner(Shot shot)
    {
        var corners = new List<string>();
        foreach (var (x, y, name) in new[] { (0, 0, "top left"), (1, 0, "top right"), (0, 1, "bottom left"), (1, 1, "bottom right") })
        {
            var (column, row) = (x == 0 ? 4 : shot.Width - 5, y == 0 ? 4 : shot.Height - 5);
            if (shot.Rgb[3 * ((row * shot.Width) + column)] > 150)
            {
                corners.Add(name);
            }
        }

        return string.Join(", ", corners);
    }

    /// <summary>An APP1 segment with the one tag "orientation".</summary>
    private static byte[] Exif(byte orientation) =>
        [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
}
