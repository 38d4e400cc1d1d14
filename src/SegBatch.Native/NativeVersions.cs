using FFmpeg.AutoGen;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Native;

/// <summary>The majors of the FFmpeg libraries that the bindings' structure layouts are true for, and the check that they are there.</summary>
public static class NativeVersions
{
    private static readonly Lazy<DllNotFoundException?> Problem = new(Check);

    /// <summary>What to do where FFmpeg is missing.</summary>
    public const string HowToInstall =
        "Install FFmpeg 5.1's libraries (Debian 12: apt-get install libavformat59 libavcodec59 libavutil57 libswscale6), or run ./segbatch doctor.";

    /// <summary>Loads FFmpeg once per process and takes its log over.</summary>
    /// <exception cref="DllNotFoundException">A library is missing or has another major.</exception>
    public static void RequireFFmpeg()
    {
        if (Problem.Value is { } problem)
        {
            throw new DllNotFoundException(problem.Message, problem);
        }
    }

    /// <summary>Name and version ("59.37.100") of each library.</summary>
    public static IReadOnlyList<(string Name, string Version)> FFmpegLibraries()
    {
        RequireFFmpeg();
        return
        [
            ("libavcodec", Text(ffmpeg.avcodec_version())),
            ("libavformat", Text(ffmpeg.avformat_version())),
            ("libavutil", Text(ffmpeg.avutil_version())),
            ("libswscale", Text(ffmpeg.swscale_version())),
        ];
    }

    private static DllNotFoundException? Check()
    {
        try
        {
            (string Name, uint Found, int Expected)[] libraries =
            [
                ("libavcodec", ffmpeg.avcodec_version(), ffmpeg.LIBAVCODEC_VERSION_MAJOR),
                ("libavformat", ffmpeg.avformat_version(), ffmpeg.LIBAVFORMAT_VERSION_MAJOR),
                ("libavutil", ffmpeg.avutil_version(), ffmpeg.LIBAVUTIL_VERSION_MAJOR),
                ("libswscale", ffmpeg.swscale_version(), ffmpeg.LIBSWSCALE_VERSION_MAJOR),
            ];
            foreach (var (name, found, expected) in libraries)
            {
                if (found >> 16 != expected)
                {
                    return new DllNotFoundException($"{name} {found >> 16} was found where {expected} is expected. {HowToInstall}");
                }
            }

            FFmpegLog.Capture();
            return null;
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException)
        {
            return new DllNotFoundException($"FFmpeg's libraries cannot be loaded: {error.Message} {HowToInstall}", error);
        }
    }

    private static string Text(uint version) => $"{version >> 16}.{(version >> 8) & 255}.{version & 255}";
}
