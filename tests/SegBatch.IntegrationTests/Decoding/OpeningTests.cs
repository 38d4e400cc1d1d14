using System.Runtime.InteropServices;
using SegBatch.Native.FFmpeg;
using Xunit;

namespace SegBatch.IntegrationTests.Decoding;

/// <summary>Files whose first picture is not looked at before they are read, against files that are probed wholly.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly Clips _clips = new();

    public void Dispose() => _clips.Dispose();

    [Theory]
    [InlineData("plain.mp4", true)]
    [InlineData("plain.mkv", false)]
    [InlineData("wide.mp4", true, "-vf", "setsar=4/3")]
    [InlineData("tagged.mp4", true, "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "pc")]
    [InlineData("untagged-box.mp4", true, "-colorspace", "smpte170m", "-movflags", "-write_colr")]
    [InlineData("full.mp4", true, "-vf", "format=yuvj420p")]
    [InlineData("deep.mp4", true, "-pix_fmt", "yuv420p10le")]
    [InlineData("dense.mp4", true, "-pix_fmt", "yuv444p")]
    [InlineData("grey.mp4", true, "-pix_fmt", "gray")]
    [InlineData("odd.mp4", true, "-vf", "crop=159:119:exact=1", "-pix_fmt", "yuv444p")]
    [InlineData("late.mp4", true, "-output_ts_offset", "3")]
    [InlineData("no-b.mp4", true, "-bf", "0")]
    [InlineData("scaled.mp4", true, "-x264-params", "cqm=jvt:nal-hrd=cbr:bitrate=200:vbv-maxrate=200:vbv-bufsize=200")]
    [InlineData("turned.mp4", true, "-metadata:s:v", "rotate=90")]
    [InlineData("pieces.mp4", false, "-movflags", "+frag_keyframe+empty_moov")]
    [InlineData("plain.ts", false)]
    [InlineData("uneven.mp4", false, "-vf", "setpts=N*N/25/TB", "-fps_mode", "vfr")]
    public async Task A_file_is_the_same_whether_or_not_its_picture_is_looked_at_first(string name, bool leaves, params string[] arguments)
    {
        var clip = await _clips.Make(name, 30, "160x120", [.. Clips.H264, .. arguments]);
        using var whole = MediaFile.Open(clip);
        using var partly = MediaFile.Open(clip, ProbeDepth.AllButThePicture);

        Assert.False(whole.LeftPicture);
        Assert.Equal(leaves, partly.LeftPicture);
        using var expected = VideoDecoder.Open(whole, whole.VideoStream(), null, 1);
        using var actual = VideoDecoder.Open(partly, partly.VideoStream(), null, 1);
        var (first, described) = (default(DecodedFrame), VideoDecoder.Describe(whole, whole.VideoStream()));
        if (leaves)
        {
            Assert.NotEqual(described, VideoDecoder.Describe(partly, partly.VideoStream())); // else nothing was left
            Assert.True(actual.DescribesByFirst(out first));
        }

        Assert.Equal(described, VideoDecoder.Describe(partly, partly.VideoStream()));
        for (var i = 0; expected.Next(out var frame); i++)
        {
            Assert.True((i == 0 && leaves) || actual.Next(out first));
            Assert.Equal(frame, first);
        }

        Assert.False(actual.Next(out _));
    }

    [Fact]
    public async Task A_file_without_one_whole_picture_is_refused_for_that()
    {
        var whole = await _clips.Make("whole.mp4", 5, "160x120", Clips.H264);
        var empty = await _clips.Derive(whole, "noise.mp4", "-c", "copy", "-bsf:v", "noise=amount=1");

        var refusal = await Clips.Refusal(empty);

        Assert.Equal("NO_FRAMES", refusal.Code);
    }

    /// <summary>Nothing stops the opening of a file: one that is preallocated and empty may be long.</summary>
    [Fact]
    public async Task The_first_damaged_packet_ends_the_look_at_the_first_picture()
    {
        var clip = await _clips.Make("clip.mp4", 100, "160x120", [.. Clips.H264, "-movflags", "+faststart"]);
        var bytes = await File.ReadAllBytesAsync(clip, TestContext.Current.CancellationToken);
        bytes.AsSpan(bytes.AsSpan().IndexOf("mdat"u8) + 4).Clear();
        await File.WriteAllBytesAsync(clip, bytes, TestContext.Current.CancellationToken);
        using var file = MediaFile.Open(clip, ProbeDepth.AllButThePicture);
        using var decoder = VideoDecoder.Open(file, file.VideoStream(), null, 1);

        Assert.True(file.LeftPicture);
        Assert.False(decoder.DescribesByFirst(out _));
        Assert.Equal(1, decoder.DamagedPackets);
        Assert.Equal("NO_FRAMES", (await Clips.Refusal(clip)).Code);
    }

    [Fact]
    public async Task Disposing_a_file_twice_leaves_other_handles_alone()
    {
        var file = MediaFile.Open(await _clips.Make("clip.mp4", 2, "64x64", Clips.H264));
        file.Dispose();
        var others = Enumerable.Range(0, 64).Select(_ => GCHandle.Alloc(this, GCHandleType.Weak)).ToList();

        file.Dispose();

        Assert.All(others, other => Assert.Same(this, other.Target));
        others.ForEach(other => other.Free());
    }

    [Fact]
    public async Task Samples_that_a_decoder_starts_with_are_not_another_files()
    {
        var white = await _clips.Derive(
            await _clips.Make("any.mp4", 12, "640x480", Clips.H264),
            "white.mp4",
            ["-vf", "drawbox=c=white:t=fill", .. Clips.H264]
        );
        var damaged = await _clips.Derive(
            await _clips.Make("dark.mp4", 40, "640x480", [.. Clips.H264, "-vf", "drawbox=c=black:t=fill"]),
            "damaged.mkv",
            "-c",
            "copy",
            "-bsf:v",
            "noise=amount=60"
        );
        var alone = await Clips.Read(damaged);

        await Clips.Read(white);
        var after = await Clips.Read(damaged);

        Assert.Equal(alone.Select(shot => shot.Planes), after.Select(shot => shot.Planes));
    }
}
