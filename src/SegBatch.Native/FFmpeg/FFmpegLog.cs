using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>
/// Keeps FFmpeg's last complaints of each thread, so that errors can quote them and nothing reaches standard error.
/// </summary>
public static unsafe class FFmpegLog
{
    private const int Kept = 8;

    [ThreadStatic]
    private static Queue<string>? _lines;

    /// <summary>Takes FFmpeg's log over; called before the first use of FFmpeg. Doing it again changes nothing.</summary>
    public static void Capture()
    {
        ffmpeg.av_log_set_level(ffmpeg.AV_LOG_ERROR);
        delegate* unmanaged[Cdecl]<void*, int, byte*, byte*, void> callback = &OnLine;
        ffmpeg.av_log_set_callback(new av_log_set_callback_callback_func { Pointer = (nint)callback });
    }

    /// <summary>The newest complaint on this thread, which is forgotten with all older ones; null when there is none.</summary>
    public static string? LastError()
    {
        var last = _lines is { Count: > 0 } ? _lines.Last() : null;
        _lines?.Clear();
        return last;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLine(void* context, int level, byte* format, byte* arguments)
    {
        if (level > ffmpeg.AV_LOG_ERROR)
        {
            return;
        }

        const int Length = 512;
        var text = stackalloc byte[Length];
        var prefix = 1;
        _ = ffmpeg.av_log_format_line2(context, level, Marshal.PtrToStringUTF8((nint)format)!, arguments, text, Length, &prefix);
        var line = Marshal.PtrToStringUTF8((nint)text)!.Trim();
        _lines ??= new Queue<string>(Kept);
        if (line.Length > 0)
        {
            if (_lines.Count == Kept)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
        }
    }
}
