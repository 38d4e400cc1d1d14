using SegBatch.Geometry;

namespace SegBatch.Demo;

/// <summary>The clips of the archive: each has something that players and pipelines like to get wrong.</summary>
internal static class DemoClips
{
    private static readonly string[] s_h264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-threads", "1"];
    private static readonly string[] s_hevc =
    [
        "-c:v",
        "libx265",
        "-preset",
        "superfast",
        "-crf",
        "22",
        "-x265-params",
        "pools=1:frame-threads=1:log-level=error",
    ];
    private static readonly string[] s_vp9 =
    [
        "-c:v",
        "libvpx-vp9",
        "-crf",
        "28",
        "-b:v",
        "0",
        "-deadline",
        "realtime",
        "-cpu-used",
        "6",
        "-threads",
        "1",
    ];

    public static IReadOnlyList<DemoClip> All { get; } =
    [
        new()
        {
            FileName = "01-h264-audio.mp4",
            Size = new FrameSize(640, 384),
            Paces = [new Pace(200, 40)],
            Seed = 1,
            Wanderers = 4,
            Crossers = 2,
            Encoding = [.. s_h264, "-bf", "2"],
            HasAudio = true,
        },
        new()
        {
            FileName = "02-hevc-variable-rate.mkv",
            Size = new FrameSize(640, 360),
            Paces = [new Pace(50, 40), new Pace(25, 80), new Pace(60, 20), new Pace(15, 100)],
            Seed = 2,
            Wanderers = 4,
            Crossers = 1,
            Encoding = s_hevc,
        },
        new()
        {
            FileName = "03-h264-rotated.mp4",
            Size = new FrameSize(360, 640),
            Paces = [new Pace(100, 40)],
            Seed = 3,
            Wanderers = 4,
            Crossers = 1,
            Encoding = s_h264,
            IsRotated = true,
        },
        new()
        {
            FileName = "04-hevc-10-bit.mp4",
            Size = new FrameSize(640, 360),
            Paces = [new Pace(75, 40)],
            Seed = 4,
            Wanderers = 5,
            Crossers = 0,
            Encoding = [.. s_hevc, "-tag:v", "hvc1"],
            PixelFormat = "yuv420p10le",
        },
        new()
        {
            FileName = "05-h264-one-frame.mp4",
            Size = new FrameSize(640, 360),
            Paces = [new Pace(1, 40)],
            Seed = 5,
            Wanderers = 5,
            Crossers = 0,
            Encoding = s_h264,
        },
        new()
        {
            FileName = "06-vp9-odd-size.webm",
            Size = new FrameSize(427, 241),
            Paces = [new Pace(75, 40)],
            Seed = 6,
            Wanderers = 3,
            Crossers = 1,
            Encoding = s_vp9,
        },
    ];
}
