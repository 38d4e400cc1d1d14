using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>Reads the facts of a video stream from its container's and codec's headers.</summary>
internal static unsafe class StreamDescription
{
    private const int DiscardedSample = 2; // AVINDEX_DISCARD_FRAME

    public static VideoStreamInfo Of(MediaFile file, AVStream* stream)
    {
        var parameters = stream->codecpar;
        var rate = ffmpeg.av_guess_frame_rate(file.Context, stream, null);
        var aspect = ffmpeg.av_guess_sample_aspect_ratio(file.Context, stream, null);
        var format = (AVPixelFormat)parameters->format;
        return new VideoStreamInfo
        {
            Codec = ffmpeg.avcodec_get_name(parameters->codec_id),
            PixelFormat = ffmpeg.av_get_pix_fmt_name(format) ?? "unknown",
            Width = parameters->width,
            Height = parameters->height,
            Orientation = OrientationOf(stream),
            TimeBase = (stream->time_base.num, stream->time_base.den),
            FrameRate = (rate.num, rate.den),
            SampleAspectRatio = aspect.num > 0 && aspect.den > 0 ? (aspect.num, aspect.den) : (1, 1),
            Color = SampleColor.Of(
                (int)parameters->color_space,
                parameters->color_range,
                format,
                (int)parameters->color_primaries,
                (int)parameters->color_trc
            ),
            IsRgb = SampleColor.IsRgb(format),
            StartPts = stream->start_time == ffmpeg.AV_NOPTS_VALUE ? null : stream->start_time,
            DurationSeconds = Duration(file, stream),
            DeclaredFrames = Declared(file, stream),
            AudioStreams = CountAudio(file),
        };
    }

    /// <summary>From the stream's display matrix; null when it asks for anything but quarter turns.</summary>
    public static Orientation? OrientationOf(AVStream* stream)
    {
        ulong size;
        var matrix = ffmpeg.av_stream_get_side_data(stream, AVPacketSideDataType.AV_PKT_DATA_DISPLAYMATRIX, &size);
        return matrix is null || size < 9 * sizeof(int) ? default(Orientation) : Orientation.FromMatrix((int*)matrix);
    }

    private static double? Duration(MediaFile file, AVStream* stream) =>
        stream->duration > 0 ? stream->duration * ffmpeg.av_q2d(stream->time_base)
        : file.Context->duration > 0 ? file.Context->duration / (double)ffmpeg.AV_TIME_BASE
        : null;

    /// <summary>The container's count. MP4 counts what is stored; what its edit list hides is taken off.</summary>
    private static long? Declared(MediaFile file, AVStream* stream)
    {
        if (stream->nb_frames <= 0)
        {
            return null;
        }

        var entries = ffmpeg.avformat_index_get_entries_count(stream);
        if (!file.Format.StartsWith("mov", StringComparison.Ordinal) || entries <= 0)
        {
            return stream->nb_frames;
        }

        var shown = 0L;
        for (var i = 0; i < entries; i++)
        {
            shown += (ffmpeg.avformat_index_get_entry(stream, i)->flags2_size30 & DiscardedSample) == 0 ? 1 : 0;
        }

        return shown;
    }

    private static int CountAudio(MediaFile file)
    {
        var count = 0;
        for (var i = 0; i < file.StreamCount; i++)
        {
            count += file.Context->streams[i]->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_AUDIO ? 1 : 0;
        }

        return count;
    }
}
