using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>A call into FFmpeg failed. The message holds FFmpeg's own words.</summary>
public sealed class FFmpegException(string what, int error)
    : Exception($"{what}: {Describe(error)}{(FFmpegLog.LastError() is { } line ? $" ({line})" : "")}")
{
    /// <summary>Negative AVERROR code.</summary>
    public int Error { get; } = error;

    /// <summary>This build of FFmpeg has no decoder for the codec.</summary>
    public bool IsMissingDecoder => Error == ffmpeg.AVERROR_DECODER_NOT_FOUND;

    /// <summary>Throws for a negative result; gives any other back.</summary>
    public static int ThrowIfNegative(int result, string what) => result < 0 ? throw new FFmpegException(what, result) : result;

    public static unsafe string Describe(int error)
    {
        const int Length = 128;
        var text = stackalloc byte[Length];
        return ffmpeg.av_strerror(error, text, Length) == 0
            ? System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)text)!
            : $"error {error}";
    }
}
