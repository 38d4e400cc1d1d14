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
    private AVFrame* _frame = ffmpeg.av_frame_alloc();
    private AVFrame* _received = ffmpeg.av_frame_alloc();
    private readonly PictureBuffers _buffers = new();
    private readonly PacketFeed _packets;
    private readonly Orientation _orientation;
    private bool _keepsSurfaces;

    /// <summary>More packets than any decoder holds back, and sound between them: a first frame that has not come by then is no quick way in.</summary>
    private const int MostStepsToFirst = 256;

    private VideoDecoder(MediaFile file, int stream)
    {
        _file = file;
        _stream = stream;
        _packets = new PacketFeed(file, stream);
        _orientation = StreamDescription.OrientationOf(Stream) ?? default;
    }

    /// <summary>
    /// "cuda", "vaapi" or "qsv" while that is what decodes; null for software, which also takes over by itself when the device does
    /// not offer the stream's profile.
    /// </summary>
    public string? Acceleration { get; private set; }

    /// <summary>Packets refused as damaged so far, by the demuxer or the decoder. The frames behind them are missing or concealed.</summary>
    public long DamagedPackets => _packets.Damaged + _file.DamagedReads;

    /// <summary>A packet was encrypted, and there is no key: nothing can be decoded.</summary>
    public bool IsEncrypted => _packets.AreEncrypted;

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
            decoder._codec = DecoderSetup.Open(file, stream, acceleration, threads, heldSurfaces, motionVectors, decoder._buffers);
            decoder.Acceleration = acceleration;
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

    /// <summary>
    /// Decodes the first frame of a file that was opened without looking at a picture (<see cref="MediaFile.LeftPicture"/>), after which
    /// <see cref="Describe"/> says all there is to say. False when there is none, or it is not whole: then open the file wholly.
    /// </summary>
    /// <exception cref="FFmpegException">The file cannot be read.</exception>
    public bool DescribesByFirst(out DecodedFrame first)
    {
        FFmpegLog.Forget();
        first = default;
        bool? found = null;
        for (var step = 0; step < MostStepsToFirst && found is null && DamagedPackets == 0; step++)
        {
            found = Step(out first);
        }

        if (found != true || first.Corrupt || DamagedPackets > 0 || _frame->key_frame == 0)
        {
            return false; // damage may have hidden what the first packet says
        }

        StreamProbe.Complete(Stream, _codec);
        return true;
    }

    /// <summary>Decodes the next frame. False when the last one was given before.</summary>
    /// <exception cref="FFmpegException">The file cannot be read on, or a hardware decoder failed.</exception>
    public bool Next(out DecodedFrame frame)
    {
        FFmpegLog.Forget();
        while (true)
        {
            if (Step(out frame) is { } found)
            {
                return found;
            }
        }
    }

    /// <summary>Motion vectors of the current frame, into the past or the future; 0 where the codec gives none. Ask before the frame is taken.</summary>
    public int MotionVectorCount => CodecMotion.Of(_frame).Length;

    /// <summary>Copies those vectors of the current frame that point into the past.</summary>
    /// <param name="vectors">Room for <see cref="MotionVectorCount"/>.</param>
    /// <returns>How many were copied.</returns>
    public int CopyMotionVectors(Span<MotionVector> vectors) => CodecMotion.CopyFromThePast(_frame, vectors);

    /// <summary>
    /// Takes the current frame's samples away without a copy, where they are 8-bit planar 4:2:0 in host memory; null for other
    /// layouts. Convert what else is wanted of the frame before.
    /// </summary>
    public Picture? TakeYuv420()
    {
        if (!FrameFacts.IsPlainYuv420(_frame))
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
        var frame = _frame;
        var received = _received;
        _codec = null;
        _frame = _received = null;
        ffmpeg.avcodec_free_context(&codec);
        ffmpeg.av_frame_free(&frame);
        ffmpeg.av_frame_free(&received);
        _packets.Dispose();
        _buffers.Dispose();
    }

    /// <summary>A frame if there is one, else one packet more into the decoder: null. False at the end.</summary>
    private bool? Step(out DecodedFrame frame)
    {
        var result = ffmpeg.avcodec_receive_frame(_codec, _received);
        if (result == 0)
        {
            TakeReceived();
            frame = FrameFacts.Of(_frame, _orientation, _packets.TakeDamage());
            return true;
        }

        frame = default;
        if (result == ffmpeg.AVERROR_EOF)
        {
            return false;
        }

        if (result != ffmpeg.AVERROR(ffmpeg.EAGAIN))
        {
            _packets.NoteDamage(result, Acceleration);
            if (_packets.AreSent && result != ffmpeg.AVERROR_INVALIDDATA)
            {
                throw new FFmpegException($"Cannot decode {_file.Path}", result);
            }
        }
        else if (!_packets.AreSent)
        {
            _packets.SendNext(_codec, Acceleration); // only now does the decoder surely take a packet
        }

        return null;
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
}
