using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>How much of a file is read when it is opened.</summary>
public enum ProbeDepth
{
    /// <summary>Rates, durations and pixel formats may be missing, and nothing may be decoded.</summary>
    Headers,

    /// <summary>Also the first packets, which is most of the work; but no picture is decoded where only its layout and colours are open.</summary>
    AllButThePicture,

    /// <summary>Also the first packets of each stream, decoded where need be, for whatever headers leave open.</summary>
    All,
}

/// <summary>
/// An open container: demuxes packets of a regular local file. Only demuxers of the allowlist are tried and only the protocol
/// "file" is spoken, so that a playlist or script that calls itself a video cannot reach other files or the network.
/// </summary>
public sealed unsafe class MediaFile : IDisposable
{
    private const int MostDamagedReads = 16;

    private GCHandle _self; // not readonly: Free would forget a copy, and a second Dispose would free somebody else's
    private AVFormatContext* _context;
    private AVIOContext* _bytes;
    private volatile bool _interrupt;

    private MediaFile(string path)
    {
        Path = path;
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
    }

    /// <summary>Pixels of the largest picture that is decoded; headers that claim more are refused before memory is taken.</summary>
    public const long MostPixels = 16384L * 8640;

    public string Path { get; }

    /// <summary>Places where the container was damaged and the demuxer had to skip, so far.</summary>
    public long DamagedReads { get; private set; }

    /// <summary>The demuxer's name.</summary>
    public string Format => Marshal.PtrToStringUTF8((nint)Context->iformat->name)!;

    public bool IsPicture => MediaFormats.Pictures.Contains(Format);

    public int StreamCount => (int)Context->nb_streams;

    /// <summary>What the video's pictures tell of themselves is not known yet: <see cref="VideoDecoder.DescribesByFirst"/> completes it.</summary>
    public bool LeftPicture { get; private set; }

    internal AVFormatContext* Context => _context is not null ? _context : throw new ObjectDisposedException(nameof(MediaFile));

    /// <summary>Opens a file and reads its headers.</summary>
    /// <exception cref="FormatRefusedException">It is of a kind that is not read, such as a playlist.</exception>
    /// <exception cref="FFmpegException">It is no medium at all, or is damaged beyond use.</exception>
    public static MediaFile Open(string path, ProbeDepth depth = ProbeDepth.All)
    {
        NativeVersions.RequireFFmpeg();
        var file = new MediaFile(path);
        try
        {
            file.Open(depth);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The best real video stream; -1 when there is none. Cover pictures do not count.</summary>
    public int VideoStream()
    {
        var best = ffmpeg.av_find_best_stream(Context, AVMediaType.AVMEDIA_TYPE_VIDEO, -1, -1, null, 0);
        return best >= 0 && (Context->streams[best]->disposition & ffmpeg.AV_DISPOSITION_ATTACHED_PIC) == 0 ? best : OtherVideo();
    }

    /// <summary>Reads the next packet of any stream. False at the end, also where damage makes the rest unreadable.</summary>
    /// <exception cref="FFmpegException">The storage failed, or <see cref="Interrupt"/> was called.</exception>
    internal bool Read(AVPacket* packet)
    {
        for (var damaged = 0; damaged < MostDamagedReads; damaged++)
        {
            var result = ffmpeg.av_read_frame(Context, packet);
            if (result >= 0)
            {
                return true;
            }

            if (_interrupt)
            {
                throw new FFmpegException($"Reading {Path} was interrupted", ffmpeg.AVERROR_EXIT);
            }

            if (result == ffmpeg.AVERROR_EOF)
            {
                // Demuxers end at storage errors as they end at the end of the file; only the byte stream knows.
                FFmpegException.ThrowIfNegative(_bytes->error == ffmpeg.AVERROR_EOF ? 0 : _bytes->error, $"Cannot read {Path}");
                return false;
            }

            if (result == ffmpeg.AVERROR(ffmpeg.EIO) || result == ffmpeg.AVERROR(ffmpeg.ENOMEM))
            {
                throw new FFmpegException($"Cannot read {Path}", result);
            }

            DamagedReads++;
        }

        return false;
    }

    /// <summary>Makes a blocked read give up; may be called from any thread.</summary>
    public void Interrupt() => _interrupt = true;

    public void Dispose()
    {
        var context = _context;
        _context = null;
        if (context is not null)
        {
            ffmpeg.avformat_close_input(&context);
        }

        var bytes = _bytes;
        _bytes = null;
        _ = ffmpeg.avio_closep(&bytes);

        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private void Open(ProbeDepth depth)
    {
        FFmpegLog.Forget();
        var context = ffmpeg.avformat_alloc_context();
        delegate* unmanaged[Cdecl]<void*, int> interrupted = &Interrupted;
        context->interrupt_callback.callback.Pointer = (nint)interrupted;
        context->interrupt_callback.opaque = (void*)GCHandle.ToIntPtr(_self);
        AVDictionary* options = null;
        _ = ffmpeg.av_dict_set(&options, "protocol_whitelist", "file", 0);
        AVIOContext* bytes = null;
        var result = ffmpeg.avio_open2(&bytes, "file:" + Path, ffmpeg.AVIO_FLAG_READ, &context->interrupt_callback, &options);
        ffmpeg.av_dict_free(&options);
        if (result < 0)
        {
            ffmpeg.avformat_free_context(context);
            throw new FFmpegException($"Cannot open {Path}", result);
        }

        _bytes = context->pb = bytes;
        OpenFormat(context);
        LeftPicture = depth == ProbeDepth.AllButThePicture && StreamProbe.OnlyPictureIsOpen(_context);
        if (depth != ProbeDepth.Headers && !LeftPicture)
        {
            FFmpegException.ThrowIfNegative(StreamProbe.Run(_context), $"Cannot read the streams of {Path}");
        }
    }

    /// <summary>
    /// Finds the demuxer by content alone. A name would only mislead: FFmpeg takes "img%03d.png" for a pattern of names, and gives
    /// what is called *.jpg to a demuxer of numbered files.
    /// </summary>
    private void OpenFormat(AVFormatContext* context)
    {
        AVDictionary* options = null;
        _ = ffmpeg.av_dict_set(&options, "protocol_whitelist", "file", 0);
        _ = ffmpeg.av_dict_set(&options, "format_whitelist", MediaFormats.Demuxers, 0);
        var result = ffmpeg.avformat_open_input(&context, "", null, &options);
        ffmpeg.av_dict_free(&options);
        if (result >= 0)
        {
            _context = context;
            return;
        }

        // The context is freed by now; what it was taken for is only in the log: "[hls] Format not on whitelist '…'".
        var error = new FFmpegException($"Cannot open {Path}", result);
        var refused = error.Message.IndexOf("] Format not on whitelist", StringComparison.Ordinal);
        throw refused < 0 ? error : new FormatRefusedException(Path, error.Message[(error.Message.LastIndexOf('[', refused) + 1)..refused]);
    }

    private int OtherVideo()
    {
        for (var i = 0; i < StreamCount; i++)
        {
            var stream = Context->streams[i];
            if (
                stream->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_VIDEO
                && (stream->disposition & ffmpeg.AV_DISPOSITION_ATTACHED_PIC) == 0
            )
            {
                return i;
            }
        }

        return -1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Interrupted(void* self) => GCHandle.FromIntPtr((nint)self).Target is MediaFile { _interrupt: true } ? 1 : 0;
}
