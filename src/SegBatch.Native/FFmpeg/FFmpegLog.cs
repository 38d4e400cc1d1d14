using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>
/// Keeps FFmpeg's last complaints of each thread, so that errors can quote them and nothing reaches standard error.
/// </summary>
public static unsafe partial class FFmpegLog
{
    private const int Kept = 8;

    [ThreadStatic]
    private static Queue<string>? _lines;

    /// <summary>Takes FFmpeg's log over; called before the first use of FFmpeg. Doing it again changes nothing.</summary>
    public static void Capture()
    {
        NativeEnvironment.SetDefault("SVT_LOG", "1"); // SVT-AV1 writes to standard error whatever FFmpeg's log level is
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

    /// <summary>The newest complaint on this thread that holds a text; null when there is none. Nothing is forgotten.</summary>
    public static string? Find(string text) => _lines?.LastOrDefault(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Drops what this thread holds, so that an error quotes only what its own call said.</summary>
    public static void Forget() => _lines?.Clear();

    /// <summary>"[png @ 0x7f00] bad" is "[png] bad": addresses change from run to run and tell nobody anything.</summary>
    [GeneratedRegex(" @ 0x[0-9a-f]+")]
    private static partial Regex Address();

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
        var line = Address().Replace(Marshal.PtrToStringUTF8((nint)text)!.Trim(), "");
        if (line.Length > 0)
        {
            _lines ??= new Queue<string>(Kept);
            if (_lines.Count == Kept)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
        }
    }
}
