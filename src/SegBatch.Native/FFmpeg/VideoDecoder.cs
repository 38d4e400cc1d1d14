using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>
/// Decodes one video stream of a <see cref="MediaFile"/> in presentation order, to its last frame. Owns the codec, its packet
/// and one frame that every call of <see cref="Next"/> replaces.
/// </summary>
public sealed unsafe class VideoDecoder : IDisposable
{
    private readonly MediaFile _file;
    private readonly int _stream;
    private AVCodecContext* _codec;
    private AVPacket* _packet = ffmpeg.av_packet_alloc();
    private AVFrame* _frame = ffmpeg.av_frame_alloc();
    private AVFrame* _received = ffmpeg.av_frame_alloc();
    private bool _drained;
    private bool _damaged;

    private VideoDecoder(MediaFile file, int stream)
    {
        _file = file;
        _stream = stream;
    }

    /// <summary>"cuda", "vaapi" or "qsv" while that is what decodes; null for software.</summary>
    public string? Acceleration { get; private set; }

    /// <summary>Packets the decoder refused as damaged, so far. The frames behind them are missing or concealed.</summary>
    public long DamagedPackets { get; private set; }

    private AVStream* Stream => _file.Context->streams[_stream];

    /// <summary>Opens the decoder of a stream.</summary>
    /// <param name="acceleration">FFmpeg's name of a hardware device type, or null for software.</param>
    /// <exception cref="FFmpegException">No such decoder, device, or support for this stream.</exception>
    public static VideoDecoder Open(MediaFile file, int stream, string? acceleration, int threads)
    {
        var decoder = new VideoDecoder(file, stream);
        try
        {
            decoder.Open(acceleration, threads);
            return decoder;
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>What headers say of the stream, before anything is decoded.</summary>
    public VideoStreamInfo Describe()
    {
        var stream = Stream;
        var parameters = stream->codecpar;
        var rate = ffmpeg.av_guess_frame_rate(_file.Context, stream, null);
        var aspect = ffmpeg.av_guess_sample_aspect_ratio(_file.Context, stream, null);
        var format = (AVPixelFormat)parameters->format;
        return new VideoStreamInfo
        {
            Codec = ffmpeg.avcodec_get_name(parameters->codec_id),
            PixelFormat = ffmpeg.av_get_pix_fmt_name(format) ?? "unknown",
            Width = parameters->width,
            Height = parameters->height,
            Rotation = Rotation(stream),
            TimeBase = (stream->time_base.num, stream->time_base.den),
            FrameRate = (rate.num, rate.den),
            SampleAspectRatio = aspect.num > 0 && aspect.den > 0 ? (aspect.num, aspect.den) : (1, 1),
            Color = ColorOf(
                (int)parameters->color_space,
                parameters->color_range,
                format,
                (int)parameters->color_primaries,
                (int)parameters->color_trc
            ),
            IsRgb = IsRgb(format),
            StartPts = stream->start_time == ffmpeg.AV_NOPTS_VALUE ? null : stream->start_time,
            DurationSeconds = Duration(stream),
            DeclaredFrames = stream->nb_frames > 0 ? stream->nb_frames : null,
            AudioStreams = CountAudio(),
        };
    }

    /// <summary>Decodes the next frame. False when the last one was given before.</summary>
    /// <exception cref="FFmpegException">The file cannot be read on, or a hardware decoder failed.</exception>
    public bool Next(out DecodedFrame frame)
    {
        while (true)
        {
            var result = ffmpeg.avcodec_receive_frame(_codec, _received);
            if (result == 0)
            {
                TakeReceived();
                frame = Facts();
                _damaged = false;
                return true;
            }

            if (result == ffmpeg.AVERROR_EOF)
            {
                frame = default;
                return false;
            }

            if (result != ffmpeg.AVERROR(ffmpeg.EAGAIN))
            {
                NoteDamage(result);
                if (_drained && result != ffmpeg.AVERROR_INVALIDDATA)
                {
                    throw new FFmpegException($"Cannot decode {_file.Path}", result);
                }
            }

            if (!_drained)
            {
                Feed();
            }
        }
    }

    /// <summary>The current frame's samples without a copy, where they are 8-bit planar 4:2:0 in host memory; null for other layouts.</summary>
    public Picture? TakeYuv420()
    {
        var format = (AVPixelFormat)_frame->format;
        if (format is not (AVPixelFormat.AV_PIX_FMT_YUV420P or AVPixelFormat.AV_PIX_FMT_YUVJ420P) || _frame->linesize[0] <= 0)
        {
            return null;
        }

        var picture = new Picture();
        FFmpegException.ThrowIfNegative(ffmpeg.av_frame_ref(picture.Frame, _frame), "No memory for a frame");
        return picture;
    }

    /// <summary>The current frame's samples in another layout.</summary>
    public Picture Convert(PictureConverter converter, PictureFormat format) => converter.Convert(_frame, format);

    public void Dispose()
    {
        var codec = _codec;
        var packet = _packet;
        var frame = _frame;
        var received = _received;
        _codec = null;
        _packet = null;
        _frame = _received = null;
        ffmpeg.avcodec_free_context(&codec);
        ffmpeg.av_packet_free(&packet);
        ffmpeg.av_frame_free(&frame);
        ffmpeg.av_frame_free(&received);
    }

    internal static SampleColor ColorOf(int matrix, AVColorRange range, AVPixelFormat format, int primaries, int transfer)
    {
        var name = ffmpeg.av_get_pix_fmt_name(format) ?? "";
        var full =
            range == AVColorRange.AVCOL_RANGE_JPEG
            || (
                range == AVColorRange.AVCOL_RANGE_UNSPECIFIED
                && (name.StartsWith("yuvj", StringComparison.Ordinal) || name.StartsWith("gray", StringComparison.Ordinal))
            );
        return new SampleColor(matrix, full, primaries, transfer);
    }

    internal static bool IsRgb(AVPixelFormat format)
    {
        var descriptor = ffmpeg.av_pix_fmt_desc_get(format);
        return descriptor is not null && (descriptor->flags & ((ulong)ffmpeg.AV_PIX_FMT_FLAG_RGB | (ulong)ffmpeg.AV_PIX_FMT_FLAG_PAL)) != 0;
    }

    private void Open(string? acceleration, int threads)
    {
        var parameters = Stream->codecpar;
        var codec = ffmpeg.avcodec_find_decoder(parameters->codec_id);
        if (codec is null)
        {
            throw new FFmpegException($"No decoder for {ffmpeg.avcodec_get_name(parameters->codec_id)}", ffmpeg.AVERROR_DECODER_NOT_FOUND);
        }

        _codec = ffmpeg.avcodec_alloc_context3(codec);
        FFmpegException.ThrowIfNegative(ffmpeg.avcodec_parameters_to_context(_codec, parameters), "Cannot read the stream's parameters");
        _codec->pkt_timebase = Stream->time_base;
        _codec->thread_count = threads;
        if (acceleration is not null)
        {
            UseHardware(codec, acceleration);
        }

        FFmpegException.ThrowIfNegative(ffmpeg.avcodec_open2(_codec, codec, null), $"Cannot open the decoder of {_file.Path}");
        for (var i = 0; i < _file.StreamCount; i++)
        {
            _file.Context->streams[i]->discard = i == _stream ? AVDiscard.AVDISCARD_DEFAULT : AVDiscard.AVDISCARD_ALL;
        }
    }

    private void UseHardware(AVCodec* codec, string acceleration)
    {
        var type = ffmpeg.av_hwdevice_find_type_by_name(acceleration);
        for (var i = 0; ; i++)
        {
            var config = ffmpeg.avcodec_get_hw_config(codec, i);
            if (config is null)
            {
                throw new FFmpegException(
                    $"{acceleration} does not decode {ffmpeg.avcodec_get_name(codec->id)}",
                    ffmpeg.AVERROR(ffmpeg.ENOSYS)
                );
            }

            if (config->device_type == type && (config->methods & ffmpeg.AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX) != 0)
            {
                _codec->opaque = (void*)(nint)(int)config->pix_fmt;
                break;
            }
        }

        AVBufferRef* device = null;
        FFmpegException.ThrowIfNegative(
            ffmpeg.av_hwdevice_ctx_create(&device, type, null, null, 0),
            $"Cannot open a {acceleration} device"
        );
        _codec->hw_device_ctx = device;
        delegate* unmanaged[Cdecl]<AVCodecContext*, AVPixelFormat*, AVPixelFormat> choose = &ChooseFormat;
        _codec->get_format.Pointer = (nint)choose;
        // Surfaces are copied to host memory at once, so one on the way is all that the decoder must not reuse.
        _codec->extra_hw_frames = 2;
        _codec->thread_count = 1;
        Acceleration = acceleration;
    }

    private void Feed()
    {
        if (!_file.Read(_packet))
        {
            _drained = true;
            _ = ffmpeg.avcodec_send_packet(_codec, null);
            return;
        }

        if (_packet->stream_index == _stream)
        {
            if ((_packet->flags & ffmpeg.AV_PKT_FLAG_CORRUPT) != 0)
            {
                _damaged = true;
            }

            var result = ffmpeg.avcodec_send_packet(_codec, _packet);
            if (result < 0 && result != ffmpeg.AVERROR(ffmpeg.EAGAIN))
            {
                NoteDamage(result);
            }
        }

        ffmpeg.av_packet_unref(_packet);
    }

    private void NoteDamage(int error)
    {
        if (Acceleration is not null)
        {
            throw new FFmpegException($"The {Acceleration} decoder failed", error);
        }

        if (error == ffmpeg.AVERROR(ffmpeg.ENOMEM))
        {
            throw new FFmpegException($"No memory to decode {_file.Path}", error);
        }

        DamagedPackets++;
        _damaged = true;
    }

    private void TakeReceived()
    {
        ffmpeg.av_frame_unref(_frame);
        if (_received->hw_frames_ctx is null)
        {
            ffmpeg.av_frame_move_ref(_frame, _received);
            return;
        }

        FFmpegException.ThrowIfNegative(ffmpeg.av_hwframe_transfer_data(_frame, _received, 0), $"Cannot fetch a frame from {Acceleration}");
        FFmpegException.ThrowIfNegative(ffmpeg.av_frame_copy_props(_frame, _received), "Cannot copy a frame's properties");
        ffmpeg.av_frame_unref(_received);
    }

    private DecodedFrame Facts()
    {
        var format = (AVPixelFormat)_frame->format;
        return new DecodedFrame
        {
            Width = _frame->width,
            Height = _frame->height,
            Pts = _frame->best_effort_timestamp == ffmpeg.AV_NOPTS_VALUE ? null : _frame->best_effort_timestamp,
            Corrupt = _damaged || (_frame->flags & ffmpeg.AV_FRAME_FLAG_CORRUPT) != 0 || _frame->decode_error_flags != 0,
            IsRgb = IsRgb(format),
            Color = ColorOf((int)_frame->colorspace, _frame->color_range, format, (int)_frame->color_primaries, (int)_frame->color_trc),
        };
    }

    /// <summary>Clockwise degrees from the display matrix; the container's angle is counter-clockwise.</summary>
    private static int Rotation(AVStream* stream)
    {
        ulong size;
        var matrix = ffmpeg.av_stream_get_side_data(stream, AVPacketSideDataType.AV_PKT_DATA_DISPLAYMATRIX, &size);
        if (matrix is null || size < 36)
        {
            return 0;
        }

        var angle = ffmpeg.av_display_rotation_get((int*)matrix);
        return double.IsNaN(angle) ? 0 : (((int)Math.Round(-angle) % 360) + 360) % 360;
    }

    private double? Duration(AVStream* stream) =>
        stream->duration > 0 ? stream->duration * ffmpeg.av_q2d(stream->time_base)
        : _file.Context->duration > 0 ? _file.Context->duration / (double)ffmpeg.AV_TIME_BASE
        : null;

    private int CountAudio()
    {
        var count = 0;
        for (var i = 0; i < _file.StreamCount; i++)
        {
            count += _file.Context->streams[i]->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_AUDIO ? 1 : 0;
        }

        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static AVPixelFormat ChooseFormat(AVCodecContext* context, AVPixelFormat* offered)
    {
        var wanted = (AVPixelFormat)(int)(nint)context->opaque;
        for (var format = offered; *format != AVPixelFormat.AV_PIX_FMT_NONE; format++)
        {
            if (*format == wanted)
            {
                return wanted;
            }
        }

        return ffmpeg.avcodec_default_get_format(context, offered);
    }
}

/// <summary>Facts of a decoded frame.</summary>
public readonly record struct DecodedFrame
{
    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Ticks of the stream's time base; null when neither container nor codec has one.</summary>
    public long? Pts { get; init; }

    public bool Corrupt { get; init; }

    public bool IsRgb { get; init; }

    public SampleColor Color { get; init; }
}
