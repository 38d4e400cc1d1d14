using System.Globalization;
using System.Runtime.InteropServices;
using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>Reads the first packets of a container's streams for what its headers leave open.</summary>
internal static unsafe class StreamProbe
{
    /// <summary>May decode a first picture to learn its size: not one that is too large.</summary>
    /// <param name="context">Its headers are read.</param>
    /// <returns>A negative AVERROR code where it failed.</returns>
    public static int Run(AVFormatContext* context)
    {
        var count = (int)context->nb_streams;
        var options = stackalloc AVDictionary*[Math.Max(count, 1)];
        for (var i = 0; i < count; i++)
        {
            options[i] = null;
            _ = ffmpeg.av_dict_set(&options[i], "max_pixels", MediaFile.MostPixels.ToString(CultureInfo.InvariantCulture), 0);
        }

        var result = ffmpeg.avformat_find_stream_info(context, count > 0 ? options : null);
        for (var i = 0; i < count; i++)
        {
            ffmpeg.av_dict_free(&options[i]);
        }

        return result;
    }

    /// <summary>
    /// Whether probing would tell nothing but what the decoder says by its first frame: one video, H.264 in an MP4 whose header has size,
    /// duration, order of pictures, and two rates that agree, so that the codec's own is not asked (av_guess_frame_rate).
    /// </summary>
    public static bool OnlyPictureIsOpen(AVFormatContext* context)
    {
        var stream = OnlyVideo(context);
        if (stream is null || !Marshal.PtrToStringUTF8((nint)context->iformat->name)!.StartsWith("mov", StringComparison.Ordinal))
        {
            return false;
        }

        var parameters = stream->codecpar;
        var (real, average) = (stream->r_frame_rate, stream->avg_frame_rate);
        return parameters->codec_id == AVCodecID.AV_CODEC_ID_H264
            && parameters->width > 0
            && parameters->height > 0
            && stream->duration > 0
            && real.num > 0
            && real.den > 0
            && (real.num, real.den) == (average.num, average.den)
            && H264Header.TellsOrder(new ReadOnlySpan<byte>(parameters->extradata, parameters->extradata_size));
    }

    /// <summary>What probing would have told, from a decoder that has given its first frame.</summary>
    /// <exception cref="FFmpegException">There is no memory.</exception>
    public static void Complete(AVStream* stream, AVCodecContext* decoder) =>
        FFmpegException.ThrowIfNegative(
            ffmpeg.avcodec_parameters_from_context(stream->codecpar, decoder),
            "Cannot describe a stream by its decoder"
        );

    /// <summary>Null where there are several: which is the best is told by their packets.</summary>
    private static AVStream* OnlyVideo(AVFormatContext* context)
    {
        AVStream* found = null;
        for (var i = 0; i < context->nb_streams; i++)
        {
            var stream = context->streams[i];
            if (stream->codecpar->codec_type == AVMediaType.AVMEDIA_TYPE_VIDEO)
            {
                if (found is not null)
                {
                    return null;
                }

                found = stream;
            }
        }

        return found;
    }
}
