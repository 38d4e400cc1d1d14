using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>
/// An open container: demuxes packets of a regular local file. Only demuxers of the allowlist are tried and only the protocol
/// "file" is spoken, so that a playlist or script that calls itself a video cannot reach other files or the network.
/// </summary>
public sealed unsafe class MediaFile : IDisposable
{
    /// <summary>Containers and raw streams that hold their own samples. Playlists (hls, concat, dash, sdp) are not among them.</summary>
    public const string Demuxers =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,avi,ivf,flv,asf,mpeg,mpegvideo,ogg,mxf,gif,h264,hevc,m4v,obu,av1,dv,nut,"
        + "yuv4mpegpipe,wtv,rm,vc1,apng,mjpeg,jpeg_pipe,png_pipe,bmp_pipe,tiff_pipe,webp_pipe,jpegls_pipe,j2k_pipe,ppm_pipe,pgm_pipe,"
        + "mp3,wav,flac,aac,srt";

    private static readonly string[] PictureDemuxers =
    [
        "jpeg_pipe",
        "png_pipe",
        "bmp_pipe",
        "tiff_pipe",
        "webp_pipe",
        "ppm_pipe",
        "pgm_pipe",
        "j2k_pipe",
        "jpegls_pipe",
    ];

    private readonly GCHandle _self;
    private AVFormatContext* _context;
    private volatile bool _interrupt;

    private MediaFile(string path)
    {
        Path = path;
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
    }

    public string Path { get; }

    /// <summary>The demuxer's name.</summary>
    public string Format => Marshal.PtrToStringUTF8((nint)Context->iformat->name)!;

    public bool IsPicture => PictureDemuxers.Contains(Format);

    public int StreamCount => (int)Context->nb_streams;

    internal AVFormatContext* Context => _context is not null ? _context : throw new ObjectDisposedException(nameof(MediaFile));

    /// <summary>Opens a file and reads its headers.</summary>
    /// <exception cref="FFmpegException">It is no medium of the allowlist, or is damaged beyond use.</exception>
    public static MediaFile Open(string path)
    {
        NativeVersions.RequireFFmpeg();
        var file = new MediaFile(path);
        try
        {
            file.Open();
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

    /// <summary>Reads the next packet of any stream. False at the end.</summary>
    /// <exception cref="FFmpegException">The file cannot be read on.</exception>
    internal bool Read(AVPacket* packet)
    {
        var result = ffmpeg.av_read_frame(Context, packet);
        if (result == ffmpeg.AVERROR_EOF)
        {
            return false;
        }

        FFmpegException.ThrowIfNegative(result, $"Cannot read {Path}");
        return true;
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

        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private void Open()
    {
        var context = ffmpeg.avformat_alloc_context();
        delegate* unmanaged[Cdecl]<void*, int> interrupted = &Interrupted;
        context->interrupt_callback.callback.Pointer = (nint)interrupted;
        context->interrupt_callback.opaque = (void*)GCHandle.ToIntPtr(_self);
        AVDictionary* options = null;
        _ = ffmpeg.av_dict_set(&options, "protocol_whitelist", "file", 0);
        _ = ffmpeg.av_dict_set(&options, "format_whitelist", Demuxers, 0);
        try
        {
            // On failure avformat_open_input frees the context itself.
            var result = ffmpeg.avformat_open_input(
                &context,
                "file:" + Path,
                IsJpeg() ? ffmpeg.av_find_input_format("jpeg_pipe") : null,
                &options
            );
            FFmpegException.ThrowIfNegative(result, $"Cannot open {Path}");
            _context = context;
            FFmpegException.ThrowIfNegative(ffmpeg.avformat_find_stream_info(context, null), $"Cannot read the streams of {Path}");
        }
        finally
        {
            ffmpeg.av_dict_free(&options);
        }
    }

    /// <summary>
    /// Probing gives files named *.jpg to the demuxer of numbered pictures, which is not on the allowlist because it opens other files.
    /// </summary>
    private bool IsJpeg()
    {
        if (System.IO.Path.GetExtension(Path).ToLowerInvariant() is not (".jpg" or ".jpeg" or ".jpe"))
        {
            return false;
        }

        using var file = File.OpenHandle(Path);
        Span<byte> start = stackalloc byte[3];
        return RandomAccess.Read(file, start, 0) == 3 && start.SequenceEqual<byte>([0xFF, 0xD8, 0xFF]);
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
