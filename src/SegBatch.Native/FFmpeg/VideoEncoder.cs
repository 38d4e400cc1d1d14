using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>
/// Encodes pictures in order of presentation. Each <see cref="Send"/> is followed by <see cref="Muxer.Write"/>, which takes the packets that
/// are ready; after the last picture <see cref="SendEnd"/> lets out what the encoder still holds.
/// </summary>
public sealed unsafe class VideoEncoder : IDisposable
{
    private const int SecondsBetweenKeyFrames = 4; // what a viewer waits for at most after a jump is a part of this

    private AVCodecContext* _context;
    private AVFrame* _reference;

    /// <exception cref="FFmpegException">The encoder is absent or refuses the settings.</exception>
    public VideoEncoder(VideoEncoderSettings settings)
    {
        NativeVersions.RequireFFmpeg();
        var codec = ffmpeg.avcodec_find_encoder_by_name(settings.Encoder);
        if (codec is null)
        {
            throw new FFmpegException($"FFmpeg was built without the encoder {settings.Encoder}", ffmpeg.AVERROR_ENCODER_NOT_FOUND);
        }

        Settings = settings;
        _context = ffmpeg.avcodec_alloc_context3(codec);
        _reference = ffmpeg.av_frame_alloc();
        try
        {
            Configure(settings);
            Open(codec, settings);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public VideoEncoderSettings Settings { get; }

    internal AVCodecContext* Context => _context is not null ? _context : throw new ObjectDisposedException(nameof(VideoEncoder));

    /// <summary>Encodes one picture of the settings' size. It stays the caller's; the encoder keeps no view of it.</summary>
    /// <param name="picture">8-bit YUV 4:2:0.</param>
    /// <param name="pts">Ticks of the time base, greater than the one before.</param>
    public void Send(Picture picture, long pts)
    {
        if (picture.Width != Settings.Width || picture.Height != Settings.Height)
        {
            throw new ArgumentException(
                $"A picture of {picture.Width}x{picture.Height} does not fit a video of {Settings.Width}x{Settings.Height}."
            );
        }

        FFmpegException.ThrowIfNegative(ffmpeg.av_frame_ref(_reference, picture.Frame), "No memory to encode a frame");
        _reference->pts = pts;
        _reference->pict_type = AVPictureType.AV_PICTURE_TYPE_NONE; // the encoder decides, not the source
        _reference->key_frame = 0;
        var result = ffmpeg.avcodec_send_frame(Context, _reference);
        ffmpeg.av_frame_unref(_reference);
        FFmpegException.ThrowIfNegative(result, $"{Settings.Encoder} cannot encode a frame");
    }

    /// <summary>Says that there are no more pictures.</summary>
    public void SendEnd() => FFmpegException.ThrowIfNegative(ffmpeg.avcodec_send_frame(Context, null), $"{Settings.Encoder} cannot finish");

    /// <summary>The next packet, in the encoder's time base. False while it waits for more pictures, and at the end.</summary>
    internal bool Receive(AVPacket* packet)
    {
        var result = ffmpeg.avcodec_receive_packet(Context, packet);
        if (result == ffmpeg.AVERROR(ffmpeg.EAGAIN) || result == ffmpeg.AVERROR_EOF)
        {
            return false;
        }

        FFmpegException.ThrowIfNegative(result, $"{Settings.Encoder} cannot encode a frame");
        return true;
    }

    public void Dispose()
    {
        var (context, reference) = ((nint)_context, (nint)_reference);
        _context = null;
        _reference = null;
        ffmpeg.avcodec_free_context((AVCodecContext**)&context);
        ffmpeg.av_frame_free((AVFrame**)&reference);
    }

    private void Configure(VideoEncoderSettings settings)
    {
        _context->width = settings.Width;
        _context->height = settings.Height;
        _context->pix_fmt = AVPixelFormat.AV_PIX_FMT_YUV420P;
        _context->time_base = new() { num = settings.TimeBase.Numerator, den = settings.TimeBase.Denominator };
        _context->framerate = new() { num = settings.FrameRate.Numerator, den = settings.FrameRate.Denominator };
        _context->sample_aspect_ratio = new() { num = settings.SampleAspectRatio.Numerator, den = settings.SampleAspectRatio.Denominator };
        _context->color_range = settings.FullRange ? AVColorRange.AVCOL_RANGE_JPEG : AVColorRange.AVCOL_RANGE_MPEG;
        _context->colorspace = (AVColorSpace)settings.Color.Matrix;
        _context->color_primaries = (AVColorPrimaries)settings.Color.Primaries;
        _context->color_trc = (AVColorTransferCharacteristic)settings.Color.Transfer;
        _context->chroma_sample_location = AVChromaLocation.AVCHROMA_LOC_LEFT;
        _context->thread_count = settings.Threads;
        _context->gop_size = (int)
            Math.Clamp((double)settings.FrameRate.Numerator / settings.FrameRate.Denominator * SecondsBetweenKeyFrames, 12, 300);
        _context->flags |= ffmpeg.AV_CODEC_FLAG_GLOBAL_HEADER; // both MP4 and Matroska keep it in the container
    }

    private void Open(AVCodec* codec, VideoEncoderSettings settings)
    {
        AVDictionary* options = null;
        _ = ffmpeg.av_dict_set(&options, "crf", settings.Crf.ToString(), 0);
        var preset = settings.Preset;
        if (settings.Encoder == "libx265")
        {
            // Rate control reads the frame rate here: with the time base it would take 1/90000 s for a frame. Pools would start a thread per core.
            var (numerator, denominator) = settings.FrameRate;
            var pools = settings.Threads > 1 ? settings.Threads.ToString() : "none";
            _ = ffmpeg.av_dict_set(&options, "x265-params", $"log-level=error:fps={numerator}/{denominator}:pools={pools}", 0);
        }
        else if (settings.Encoder == "libsvtav1")
        {
            preset = SvtPreset(preset);
            _ = ffmpeg.av_dict_set(&options, "svtav1-params", $"lp={settings.Threads}", 0);
        }

        _ = ffmpeg.av_dict_set(&options, "preset", preset, 0);
        try
        {
            var what =
                $"{settings.Encoder} cannot be opened for {settings.Width}x{settings.Height}, crf {settings.Crf}, preset '{settings.Preset}'";
            FFmpegException.ThrowIfNegative(ffmpeg.avcodec_open2(_context, codec, &options), what);
        }
        finally
        {
            ffmpeg.av_dict_free(&options);
        }
    }

    /// <summary>SVT-AV1 numbers its presets from 13 (fastest) to 0.</summary>
    private static string SvtPreset(string preset) =>
        preset switch
        {
            "ultrafast" => "12",
            "superfast" => "11",
            "veryfast" => "10",
            "faster" => "9",
            "fast" => "8",
            "medium" => "7",
            "slow" => "5",
            "slower" => "4",
            "veryslow" => "3",
            "placebo" => "2",
            _ => preset,
        };
}
