using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>What the FFmpeg of this machine was built with, and which of its hardware devices are there.</summary>
public static unsafe class FFmpegBuild
{
    /// <summary>The release, as its packager names it ("5.1.9-0+deb12u1").</summary>
    /// <exception cref="DllNotFoundException">FFmpeg is missing or has another major.</exception>
    public static string Version()
    {
        NativeVersions.RequireFFmpeg();
        return ffmpeg.av_version_info();
    }

    /// <summary>Whether an encoder ("libx264") is compiled in.</summary>
    /// <exception cref="DllNotFoundException">FFmpeg is missing or has another major.</exception>
    public static bool HasEncoder(string name)
    {
        NativeVersions.RequireFFmpeg();
        return ffmpeg.avcodec_find_encoder_by_name(name) is not null;
    }

    /// <summary>
    /// The compiled hardware accelerations ("cuda", "vaapi", …). Each one's default device is opened and closed again; Problem
    /// says why it does not open, null where it does.
    /// </summary>
    /// <exception cref="DllNotFoundException">FFmpeg is missing or has another major.</exception>
    public static IReadOnlyList<(string Name, string? Problem)> Accelerations()
    {
        NativeVersions.RequireFFmpeg();
        var found = new List<(string, string?)>();
        for (
            var type = ffmpeg.av_hwdevice_iterate_types(AVHWDeviceType.AV_HWDEVICE_TYPE_NONE);
            type != AVHWDeviceType.AV_HWDEVICE_TYPE_NONE;
            type = ffmpeg.av_hwdevice_iterate_types(type)
        )
        {
            found.Add((ffmpeg.av_hwdevice_get_type_name(type), Open(type)));
        }

        return found;
    }

    /// <summary>Without "[AVHWDeviceContext @ 0x55ad…] ", which differs in every process.</summary>
    private static string? Bare(string? line) =>
        line is ['[', ..] && line.IndexOf("] ", StringComparison.Ordinal) is > 0 and var end ? line[(end + 2)..].TrimEnd(' ', '.') : line;

    private static string? Open(AVHWDeviceType type)
    {
        FFmpegLog.LastError(); // of an earlier call
        AVBufferRef* device = null;
        var result = ffmpeg.av_hwdevice_ctx_create(&device, type, null, null, 0);
        ffmpeg.av_buffer_unref(&device);
        return result < 0 ? Bare(FFmpegLog.LastError()) ?? FFmpegException.Describe(result) : null;
    }
}
