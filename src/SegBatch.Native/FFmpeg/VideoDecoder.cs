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
    private readonly PictureBuffers _buffers = new();
    private readonly Orientation _orientation;
    private long _damagedPackets;
    private bool _drained;
    private bool _damaged;
    private bool _keepsSurfaces;

    private VideoDecoder(MediaFile file, int stream)
    {
        _file = file;
        _stream = stream;
        _orientation = StreamDescription.OrientationOf(Stream) ?? default;
    }

    /// <summary>
    /// "cuda", "vaapi" or "qsv" while that is what decodes; null for software, which also takes over by itself when the device does
    /// not offer the stream's profile.
    /// </summary>
    public string? Acceleration { get; private set; }

    /// <summary>Packets refused as damaged so far, by the demuxer or the decoder. The frames behind them are missing or concealed.</summary>
    public long DamagedPackets => _damagedPackets + _file.DamagedReads;

    /// <summary>A packet was encrypted, and there is no key: nothing can be decoded.</summary>
    public bool IsEncrypted { get; private set; }

    private AVStream* Stream => _file.Context->streams[_stream];

    /// <summary>Opens the decoder of a stream.</summary>
    /// <param name="acceleration">FFmpeg's name of a hardware device type, or null for software.</param>
    /// <exception cref="FFmpegException">No such decoder, device, or support for this stream.</exception>
    /// <param name="heldSurfaces">
    /// Frames that stay on the device until <see cref="TakeSurface"/> or <see cref="Convert"/>, and how many of them are held at once; 0: every
    /// frame is copied to the host when it is decoded.
    /// </param>
    /// <param name="motionVectors">Software decoders of codecs that can also give <see cref="CopyMotionVectors"/>.</param>
    public static VideoDecoder Open(
        MediaFile file,
        int stream,
        string? acceleration,
        int threads,
        int heldSurfaces = 0,
        bool motionVectors = false
    )
    {
        FFmpegLog.Forget();
        var decoder = new VideoDecoder(file, stream);
        try
        {
            decoder._keepsSurfaces = heldSurfaces > 0;
            decoder.Open(acceleration, threads, heldSurfaces, motionVectors);
            return decoder;
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>What headers say of a stream, before anything is decoded.</summary>
    public static VideoStreamInfo Describe(MediaFile file, int stream) => StreamDescription.Of(file, file.Context->streams[stream]);

    /// <summary>Decodes the next frame. False when the last one was given before.</summary>
    /// <exception cref="FFmpegException">The file cannot be read on, or a hardware decoder failed.</exception>
    public bool Next(out DecodedFrame frame)
    {
        FFmpegLog.Forget();
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
            else if (!_drained)
            {
                Feed(); // only now does the decoder surely take a packet
            }
        }
    }

    /// <summary>Motion vectors of the current frame, into the past or the future; 0 where the codec gives none. Ask before the frame is taken.</summary>
    public int MotionVectorCount =>
        MotionVectors() is var data && data is not null && data->size >= (ulong)sizeof(AVMotionVector)
            ? (int)(data->size / (ulong)sizeof(AVMotionVector))
            : 0;

    /// <summary>Copies those vectors of the current frame that point into the past.</summary>
    /// <param name="vectors">Room for <see cref="MotionVectorCount"/>.</param>
    /// <returns>How many were copied.</returns>
    public int CopyMotionVectors(Span<MotionVector> vectors)
    {
        var (copied, count) = (0, MotionVectorCount);
        var all = count > 0 ? new ReadOnlySpan<AVMotionVector>(MotionVectors()->data, count) : [];
        foreach (ref readonly var vector in all)
        {
            if (vector.source < 0 && vector.motion_scale > 0)
            {
                var scale = 1f / vector.motion_scale;
                vectors[copied++] = new MotionVector(
                    vector.dst_x,
                    vector.dst_y,
                    vector.dst_x + vector.motion_x * scale,
                    vector.dst_y + vector.motion_y * scale
                );
            }
        }

        return copied;
    }

    private AVFrameSideData* MotionVectors() => ffmpeg.av_frame_get_side_data(_frame, AVFrameSideDataType.AV_FRAME_DATA_MOTION_VECTORS);

    /// <summary>
    /// Takes the current frame's samples away without a copy, where they are 8-bit planar 4:2:0 in host memory; null for other
    /// layouts. Convert what else is wanted of the frame before.
    /// </summary>
    public Picture? TakeYuv420()
    {
        if (!IsPlainYuv420())
        {
            return null;
        }

        // Megabytes, where they were asked for; whoever wanted them has copied them.
        ffmpeg.av_frame_remove_side_data(_frame, AVFrameSideDataType.AV_FRAME_DATA_MOTION_VECTORS);
        var picture = new Picture();
        ffmpeg.av_frame_move_ref(picture.Frame, _frame);
        return picture;
    }

    /// <summary>
    /// Takes the current frame away where it lies, as a surface; null where it is no NV12 in one piece. Convert what else is wanted of
    /// the frame before.
    /// </summary>
    public Surface? TakeSurface() => Surface.Take(_frame);

    /// <summary>The current frame's samples in another layout.</summary>
    public Picture Convert(PictureConverter converter, PictureFormat format)
    {
        if (_frame->hw_frames_ctx is not null)
        {
            ffmpeg.av_frame_move_ref(_received, _frame);
            Download();
        }

        return converter.Convert(_frame, format);
    }

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
        _buffers.Dispose();
    }

    private void Open(string? acceleration, int threads, int heldSurfaces, bool motionVectors)
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
        _codec->max_pixels = MediaFile.MostPixels;
        // Without it, old codecs take short cuts in motion compensation that differ between processors.
        _codec->flags |= ffmpeg.AV_CODEC_FLAG_BITEXACT;
        if (motionVectors && acceleration is null)
        {
            _codec->flags2 |= ffmpeg.AV_CODEC_FLAG2_EXPORT_MVS;
        }

        if (acceleration is null)
        {
            _buffers.Attach(_codec, codec);
        }
        else
        {
            HardwareDecoding.Attach(_codec, codec, acceleration, heldSurfaces);
            Acceleration = acceleration;
        }

        FFmpegException.ThrowIfNegative(ffmpeg.avcodec_open2(_codec, codec, null), $"Cannot open the decoder of {_file.Path}");
        for (var i = 0; i < _file.StreamCount; i++)
        {
            _file.Context->streams[i]->discard = i == _stream ? AVDiscard.AVDISCARD_DEFAULT : AVDiscard.AVDISCARD_ALL;
        }
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
            RefuseEncrypted();
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

    private void RefuseEncrypted()
    {
        ulong size;
        if (ffmpeg.av_packet_get_side_data(_packet, AVPacketSideDataType.AV_PKT_DATA_ENCRYPTION_INFO, &size) is not null)
        {
            IsEncrypted = true;
            ffmpeg.av_packet_unref(_packet);
            throw new FFmpegException($"{_file.Path} is encrypted", ffmpeg.AVERROR(ffmpeg.EACCES));
        }
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

        _damagedPackets++;
        _damaged = true;
    }

    private void TakeReceived()
    {
        ffmpeg.av_frame_unref(_frame);
        if (_received->hw_frames_ctx is null)
        {
            Acceleration = null;
            ffmpeg.av_frame_move_ref(_frame, _received);
            return;
        }

        if (_keepsSurfaces)
        {
            ffmpeg.av_frame_move_ref(_frame, _received);
            return;
        }

        Download();
    }

    /// <summary>From a surface of the device to the host.</summary>
    private void Download()
    {
        FFmpegException.ThrowIfNegative(ffmpeg.av_hwframe_transfer_data(_frame, _received, 0), $"Cannot fetch a frame from {Acceleration}");
        FFmpegException.ThrowIfNegative(ffmpeg.av_frame_copy_props(_frame, _received), "Cannot copy a frame's properties");
        ffmpeg.av_frame_unref(_received);
    }

    private DecodedFrame Facts() =>
        new()
        {
            Width = _frame->width,
            Height = _frame->height,
            Pts = _frame->best_effort_timestamp == ffmpeg.AV_NOPTS_VALUE ? null : _frame->best_effort_timestamp,
            Corrupt = _damaged || (_frame->flags & ffmpeg.AV_FRAME_FLAG_CORRUPT) != 0 || _frame->decode_error_flags != 0,
            Prediction = (AVPictureType)_frame->pict_type switch
            {
                AVPictureType.AV_PICTURE_TYPE_P => Prediction.FromThePast,
                AVPictureType.AV_PICTURE_TYPE_B => Prediction.FromBoth,
                _ => Prediction.Other,
            },
            IsInterlaced = _frame->interlaced_frame != 0,
            IsRgb = SampleColor.IsRgb((AVPixelFormat)_frame->format),
            Color = SampleColor.Of(_frame),
            Orientation = FrameOrientation(),
        };

    /// <summary>What the frame itself says (a photo's EXIF, an H.264 message), else what the container says.</summary>
    private Orientation FrameOrientation()
    {
        var data = ffmpeg.av_frame_get_side_data(_frame, AVFrameSideDataType.AV_FRAME_DATA_DISPLAYMATRIX);
        return data is null || data->size < 9 * sizeof(int) ? _orientation : Orientation.FromMatrix((int*)data->data) ?? default;
    }

    /// <summary>Views of whole rows must stay inside the buffer, which cropping and upside-down storage can break.</summary>
    private bool IsPlainYuv420()
    {
        var format = (AVPixelFormat)_frame->format;
        if (
            format is not (AVPixelFormat.AV_PIX_FMT_YUV420P or AVPixelFormat.AV_PIX_FMT_YUVJ420P)
            || _frame->linesize[0] <= 0
            || _frame->linesize[1] != _frame->linesize[2]
        )
        {
            return false;
        }

        for (var plane = 0u; plane < 3; plane++)
        {
            var rows = plane == 0 ? _frame->height : (_frame->height + 1) / 2;
            if (!IsInside(_frame->data[plane], (long)rows * _frame->linesize[plane]))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsInside(byte* start, long length)
    {
        for (var i = 0u; i < 3; i++)
        {
            var buffer = _frame->buf[i];
            if (buffer is not null && start >= buffer->data && start + length <= buffer->data + buffer->size)
            {
                return true;
            }
        }

        return false;
    }
}
