using SegBatch.Decoding;
using SegBatch.IntegrationTests.Output;
using Xunit;

namespace SegBatch.IntegrationTests.Decoding;

/// <summary>How many frames, in which order, at which times.</summary>
public sealed class TimingTests : IDisposable
{
    private readonly Clips _clips = new();

    public void Dispose() => _clips.Dispose();

    [Theory]
    [InlineData("clip.mp4", 1)]
    [InlineData("clip.mkv", null)]
    [InlineData("clip.ts", 2)]
    public async Task Reordered_frames_come_in_order_and_to_the_last(string name, int? threads)
    {
        var clip = await _clips.Make(name, 37, "160x120", Clips.H264);
        var expected = await _clips.Raw(clip, "yuv420p");

        var shots = await Clips.Read(clip, new DecodingOptions { Threads = threads });

        Assert.Equal(Enumerable.Range(0, 37).Select(i => (long)i), shots.Select(shot => shot.Index));
        Assert.All(shots.Zip(shots.Skip(1)), pair => Assert.True(pair.First.Pts < pair.Second.Pts));
        Assert.All(shots, shot => Assert.Equal(shot.Index / 25.0, shot.Seconds, 2e-3));
        Assert.Equal(expected, shots.SelectMany(shot => shot.Planes));
    }

    [Fact]
    public async Task Variable_rates_are_kept()
    {
        var clip = await _clips.Make(
            "vfr.mp4",
            60,
            "64x64",
            ["-vf", "select='not(mod(n\\,3))+gt(n\\,50)'", "-fps_mode", "vfr", .. Clips.H264]
        );
        var expected = await FFmpegTool.FrameTimes(clip);

        var shots = await Clips.Read(clip);

        Assert.True(expected.Zip(expected.Skip(1), (a, b) => Math.Round(b - a, 3)).Distinct().Count() > 1);
        Assert.Equal(expected.Length, shots.Count);
        Assert.All(shots.Zip(expected), pair => Assert.Equal(pair.Second - expected[0], pair.First.Seconds, 1e-6));
    }

    [Theory]
    [InlineData("offset.mkv", 5.0)]
    [InlineData("offset.ts", 1000.0)]
    public async Task Seconds_count_from_the_start_and_pts_are_kept(string name, double offset)
    {
        string[] arguments = ["-output_ts_offset", $"{offset}", "-avoid_negative_ts", "disabled", "-muxdelay", "0"];
        var clip = await _clips.Make(name, 10, "64x64", [.. Clips.H264, .. arguments]);
        var expected = await FFmpegTool.FrameTimes(clip);
        using var reader = FrameReader.Open(clip, new DecodingOptions());

        var shots = await Clips.Read(reader);

        Assert.Equal(10, shots.Count);
        Assert.Equal(0, shots[0].Seconds, 1e-9);
        Assert.Equal(expected, shots.Select(shot => shot.Pts!.Value * reader.Info.TimeBase.ToDouble()), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.InRange(shots[0].Pts!.Value * reader.Info.TimeBase.ToDouble(), offset - 0.2, offset + 0.2);
    }

    /// <summary>Matroska cannot hold them: what arrives are frames without time stamps.</summary>
    [Fact]
    public async Task Times_before_zero_lose_no_frame()
    {
        string[] arguments = ["-output_ts_offset", "-3", "-avoid_negative_ts", "disabled"];
        var clip = await _clips.Make("negative.mkv", 10, "64x64", [.. Clips.H264, .. arguments]);

        var shots = await Clips.Read(clip);

        Assert.Equal(10, shots.Count);
        Assert.All(shots.Zip(shots.Skip(1)), pair => Assert.True(pair.First.Seconds < pair.Second.Seconds));
    }

    [Fact]
    public async Task Frames_before_an_edit_lists_start_are_not_shown_nor_expected()
    {
        var whole = await _clips.Make("whole.mp4", 100, "64x64", Clips.H264);
        var cut = _clips.Path("cut.mp4");
        await FFmpegTool.Make("-ss", "1.5", "-i", whole, "-c", "copy", cut);
        var expected = await FFmpegTool.FrameTimes(cut);
        var stored = int.Parse((await FFmpegTool.Stream(cut, "v:0")).GetProperty("nb_read_packets").GetString()!);
        using var reader = FrameReader.Open(cut, new DecodingOptions());

        var shots = await Clips.Read(reader);

        Assert.True(expected.Length < stored, "the clip has no hidden frames");
        Assert.Equal(expected.Length, shots.Count);
        Assert.Equal(expected.Length, reader.Info.EstimatedFrames);
        Assert.Equal(0, shots[0].Seconds, 0.05);
    }

    [Fact]
    public async Task Without_time_stamps_the_rate_tells_the_time()
    {
        var whole = await _clips.Make("whole.mp4", 30, "64x64", ["-c:v", "libx264", "-bf", "0", "-pix_fmt", "yuv420p"]);
        var clip = await _clips.Derive(whole, "bare.h264", "-c", "copy");
        using var reader = FrameReader.Open(clip, new DecodingOptions());

        var shots = await Clips.Read(reader);

        Assert.Equal(30, shots.Count);
        Assert.All(shots, shot => Assert.Null(shot.Pts));
        Assert.All(shots, shot => Assert.Equal(shot.Index / 25.0, shot.Seconds, 1e-9));
        Assert.Contains(reader.Notes, note => note.Contains("no time stamps", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_end_and_stride_choose_true_indices()
    {
        var clip = await _clips.Make("clip.mp4", 60, "64x64", Clips.H264);
        var all = await Clips.Read(clip);

        var byFrame = await Clips.Read(
            clip,
            new()
            {
                Start = Moment.AtFrame(13),
                End = Moment.AtFrame(31),
                Stride = 4,
            }
        );
        var byTime = await Clips.Read(clip, new() { Start = Moment.AtSeconds(1.2), End = Moment.AtSeconds(1.4) });

        Assert.Equal([13, 17, 21, 25, 29], byFrame.Select(shot => shot.Index));
        Assert.Equal([30, 31, 32, 33, 34], byTime.Select(shot => shot.Index));
        Assert.All(byFrame.Concat(byTime), shot => Assert.Equal(all[(int)shot.Index].Planes, shot.Planes));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameReader.Open(clip, new() { Stride = 0 }));
    }

    [Fact]
    public async Task One_frame_is_one_frame()
    {
        var clip = await _clips.Make("one.mp4", 1, "64x64", Clips.H264);
        Assert.Single(await Clips.Read(clip));
    }
}
