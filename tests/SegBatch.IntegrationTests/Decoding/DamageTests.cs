using SegBatch.Decoding;
using SegBatch.IntegrationTests.Output;
using Xunit;

namespace SegBatch.IntegrationTests.Decoding;

/// <summary>Damage, stopping half-way, hardware that is not there, and names that look like patterns.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly Clips _clips = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _clips.Dispose();

    [Theory]
    [InlineData("cut.mkv")]
    [InlineData("cut.mp4", "-movflags", "+faststart")]
    [InlineData("cut.ts")]
    [InlineData("cut.avi")]
    public async Task What_is_left_of_a_truncated_file_is_read(string name, params string[] arguments)
    {
        var whole = await _clips.Make($"whole-{name}", 100, "160x120", [.. Clips.H264, .. arguments]);
        var bytes = await File.ReadAllBytesAsync(whole, Token);
        var cut = _clips.Path(name);
        await File.WriteAllBytesAsync(cut, bytes[..(bytes.Length * 6 / 10)], Token);
        var raw = (await _clips.Raw(cut, "gray")).Length / (160 * 120);

        var shots = await Clips.Read(cut);

        Assert.InRange(raw, 10, 99);
        Assert.Equal(raw, shots.Count);
    }

    [Fact]
    public async Task Damaged_packets_are_counted_and_frames_marked()
    {
        var whole = await _clips.Make("whole.mp4", 100, "160x120", Clips.H264);
        var noisy = await _clips.Derive(whole, "noisy.mkv", "-c", "copy", "-bsf:v", "noise=amount=200");
        using var reader = FrameReader.Open(noisy, new DecodingOptions());

        var shots = await Clips.Read(reader);

        Assert.InRange(shots.Count, 20, 100);
        Assert.Equal(shots.Count, reader.DecodedFrames);
        Assert.Contains(shots, shot => shot.Corrupt);
        Assert.True(reader.DamagedPackets > 0);
        Assert.DoesNotContain(await Clips.Read(whole), shot => shot.Corrupt);
    }

    [Fact]
    public async Task Absent_hardware_gives_way_to_software_and_says_why()
    {
        var clip = await _clips.Make("clip.mp4", 10, "64x64", Clips.H264);
        var expected = await Clips.Read(clip);
        using var reader = FrameReader.Open(clip, new DecodingOptions { HardwareAccelerations = ["cuda", "vaapi"] });

        var shots = await Clips.Read(reader);

        if (reader.Acceleration is { } present)
        {
            Assert.Skip($"this machine decodes with {present}");
        }

        Assert.Equal(2, reader.HardwareFallbacks);
        Assert.Contains(reader.Notes, note => note.Contains("hardware decoding with cuda is not possible: ", StringComparison.Ordinal));
        Assert.Contains(reader.Notes, note => note.Contains("hardware decoding with vaapi is not possible: ", StringComparison.Ordinal));
        Assert.Equal(expected.SelectMany(shot => shot.Planes), shots.SelectMany(shot => shot.Planes));
    }

    [Fact]
    public async Task Leaving_half_way_leaves_no_frame_behind()
    {
        var clip = await _clips.Make("clip.mp4", 50, "64x64", Clips.H264);
        using var pool = new FramePool(2);
        using (var reader = FrameReader.Open(clip, new DecodingOptions()))
        {
            await foreach (var frame in reader.ReadAsync(pool, Token))
            {
                frame.Dispose();
                if (frame.Index == 7)
                {
                    break;
                }
            }
        }

        Assert.Equal(0, pool.Outstanding);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_token_stops_the_reading_also_where_it_waits_for_a_free_frame()
    {
        var clip = await _clips.Make("clip.mp4", 50, "64x64", Clips.H264);
        using var reader = FrameReader.Open(clip, new DecodingOptions());
        using var pool = new FramePool(2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var held = new List<VideoFrame>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var frame in reader.ReadAsync(pool, stop.Token))
            {
                held.Add(frame);
                if (held.Count == 2)
                {
                    stop.CancelAfter(50);
                }
            }
        });

        Assert.Equal(2, held.Count);
        Assert.Equal(2, pool.Outstanding);
        held.ForEach(frame => frame.Dispose());
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public async Task A_token_stops_the_reading_between_frames()
    {
        var clip = await _clips.Make("clip.mp4", 50, "64x64", Clips.H264);
        using var reader = FrameReader.Open(clip, new DecodingOptions());
        using var pool = new FramePool(2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var count = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var frame in reader.ReadAsync(pool, stop.Token))
            {
                frame.Dispose();
                if (++count == 5)
                {
                    await stop.CancelAsync();
                }
            }
        });

        Assert.Equal(5, count);
        Assert.Equal(0, pool.Outstanding);
    }

    [Theory]
    [InlineData("img%03d.png")]
    [InlineData("[x]*?.png")]
    [InlineData("a:b.png")]
    [InlineData("-dash é 漢.png")]
    [InlineData("concat:a|b.png")]
    public async Task Names_are_taken_literally(string name)
    {
        var plain = await _clips.Make("plain.png", 1, "64x48");
        await _clips.Make("img001.png", 1, "32x32");
        await _clips.Make("img002.png", 1, "32x32");
        File.Copy(plain, _clips.Path(name));

        var shot = Assert.Single(await Clips.Read(_clips.Path(name)));

        Assert.Equal((64, 48), (shot.Width, shot.Height));
    }

    [Fact]
    public async Task Contents_count_not_extensions()
    {
        var video = await _clips.Make("video.mkv", 5, "64x64", Clips.H264);
        var picture = await _clips.Make("picture.jpg", 1, "64x64");
        File.Copy(video, _clips.Path("really-mkv.mp4"));
        File.Copy(picture, _clips.Path("really-jpeg.mp4"));

        Assert.Equal(5, (await Clips.Read(_clips.Path("really-mkv.mp4"))).Count);
        Assert.True(VideoProbe.Probe(_clips.Path("really-jpeg.mp4")).IsImage);
        Assert.Single(await Clips.Read(_clips.Path("really-jpeg.mp4")));
    }

    [Fact]
    public async Task A_folder_of_pictures_is_read_in_natural_order_each_in_its_own_size()
    {
        var folder = Directory.CreateDirectory(_clips.Path("pictures")).FullName;
        foreach (var (name, size) in new[] { ("10.png", "30x20"), ("2.jpg", "64x48"), ("1.bmp", "16x16"), ("003.png", "22x14") })
        {
            await _clips.Make(Path.Combine("pictures", name), 1, size);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "no picture", Token);
        using var reader = FrameReader.Open(folder, new DecodingOptions());

        var shots = await Clips.Read(reader);

        Assert.Equal(["1.bmp", "2.jpg", "003.png", "10.png"], shots.Select(shot => shot.File));
        Assert.Equal([(16, 16), (64, 48), (22, 14), (30, 20)], shots.Select(shot => (shot.Width, shot.Height)));
        Assert.Equal([0, 1, 2, 3], shots.Select(shot => shot.Index));
        Assert.All(shots, shot => Assert.NotEmpty(shot.Rgb));
        Assert.Equal(4, reader.Info.EstimatedFrames);
        Assert.True(reader.Info.IsImage);
    }

    [Fact]
    public async Task The_video_wins_over_a_cover_before_it()
    {
        var cover = await _clips.Make("cover.png", 1, "32x32");
        var clip = await _clips.Make("clip.mp4", 5, "64x48", Clips.H264);
        var both = _clips.Path("both.mp4");
        await FFmpegTool.Make("-i", cover, "-i", clip, "-map", "0", "-map", "1", "-c", "copy", "-disposition:v:0", "attached_pic", both);

        var shots = await Clips.Read(both);

        Assert.Equal(5, shots.Count);
        Assert.Equal((64, 48), (shots[0].Width, shots[0].Height));
    }
}
