using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>A call into FFmpeg failed. The message holds FFmpeg's own words.</summary>
public sealed class FFmpegException(string what, int error)
    : Exception($"{what}: {Describe(error)}{(FFmpegLog.LastError() is { } line ? $" ({line})" : "")}")
{
    /// <summary>
    /// Linux' numbers of what a full, failing, forbidden or vanished storage answers: EPERM, ENOENT, EIO, ENXIO, EACCES, ENODEV, ENOTDIR, EFBIG,
    /// ENOSPC, EROFS, and of networks ENOTCONN, ETIMEDOUT, EHOSTDOWN, ESTALE, EREMOTEIO, EDQUOT. FFmpeg's own errors are four letters, far below.
    /// </summary>
    private static readonly int[] s_storage = [1, 2, 5, 6, 13, 19, 20, 27, 28, 30, 107, 110, 112, 116, 121, 122];

    /// <summary>Negative AVERROR code.</summary>
    public int Error { get; } = error;

    /// <summary>This build of FFmpeg has no decoder for the codec.</summary>
    public bool IsMissingDecoder => Error == ffmpeg.AVERROR_DECODER_NOT_FOUND;

    /// <summary>Throws for a negative result; gives any other back.</summary>
    public static int ThrowIfNegative(int result, string what) => result < 0 ? throw new FFmpegException(what, result) : result;

    /// <summary>Throws for a negative result of writing a file.</summary>
    /// <exception cref="IOException">The storage does not take it: the disk is full, read-only, or gone.</exception>
    /// <exception cref="FFmpegException">FFmpeg does not, for a reason of its own.</exception>
    public static void ThrowIfNotWritten(int result, string what)
    {
        if (result < 0)
        {
            var error = new FFmpegException(what, result);
            throw s_storage.Contains(-result) ? new IOException(error.Message, error) : error;
        }
    }

    public static unsafe string Describe(int error)
    {
        const int Length = 128;
        var text = stackalloc byte[Length];
        return ffmpeg.av_strerror(error, text, Length) == 0
            ? System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)text)!
            : $"error {error}";
    }
}
