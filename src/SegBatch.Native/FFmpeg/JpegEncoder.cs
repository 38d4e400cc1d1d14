using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>Encodes one YUV 4:2:0 picture as a JPEG: BT.601 full range, as the format has it, chroma at half resolution.</summary>
public static unsafe class JpegEncoder
{
    private const int Bt601 = 6;

    /// <summary>The encoded file.</summary>
    /// <param name="picture">8-bit YUV 4:2:0.</param>
    /// <param name="matrix">Its matrix as a code point of ITU-T H.273 (1: BT.709, 6: BT.601, 9: BT.2020).</param>
    /// <param name="fullRange">Its luma spans 0–255.</param>
    /// <param name="quality">Quantiser scale, 1 (best) to 31.</param>
    /// <exception cref="FFmpegException">It cannot be encoded.</exception>
    public static byte[] Encode(Picture picture, int matrix, bool fullRange, int quality)
    {
        NativeVersions.RequireFFmpeg();
        if (matrix == Bt601 && fullRange)
        {
            return Encode(picture, quality);
        }

        using var rgb = Picture.Allocate(PictureFormat.Rgb24, picture.Width, picture.Height);
        using var converted = Picture.Allocate(PictureFormat.Yuv420, picture.Width, picture.Height);
        Convert(picture, rgb, matrix, fullRange);
        Convert(rgb, converted, Bt601, fullRange: true);
        return Encode(converted, quality);
    }

    /// <summary>Between YUV of the given meaning and RGB, either way.</summary>
    private static void Convert(Picture from, Picture to, int matrix, bool fullRange)
    {
        var source = from.Frame;
        var target = to.Frame;
        const int Flags = ffmpeg.SWS_BICUBIC | ffmpeg.SWS_ACCURATE_RND | ffmpeg.SWS_FULL_CHR_H_INT | ffmpeg.SWS_FULL_CHR_H_INP;
        var scaler = ffmpeg.sws_getContext(
            source->width,
            source->height,
            (AVPixelFormat)source->format,
            target->width,
            target->height,
            (AVPixelFormat)target->format,
            Flags,
            null,
            null,
            null
        );
        if (scaler is null)
        {
            throw new FFmpegException($"Cannot convert a picture of {from.Width}x{from.Height}", ffmpeg.AVERROR(ffmpeg.EINVAL));
        }

        try
        {
            // swscale has the tables of RGB as full range; which side is YUV decides which of the two counts.
            var isRgb = source->format == (int)AVPixelFormat.AV_PIX_FMT_RGB24;
            var table = ffmpeg.sws_getCoefficients(matrix);
            var (sourceRange, targetRange) = isRgb ? (1, fullRange ? 1 : 0) : (fullRange ? 1 : 0, 1);
            _ = ffmpeg.sws_setColorspaceDetails(scaler, table, sourceRange, table, targetRange, 0, 1 << 16, 1 << 16);
            FFmpegException.ThrowIfNegative(
                ffmpeg.sws_scale_frame(scaler, target, source),
                $"Cannot convert a picture of {from.Width}x{from.Height}"
            );
        }
        finally
        {
            ffmpeg.sws_freeContext(scaler);
        }
    }

    private static byte[] Encode(Picture picture, int quality)
    {
        var codec = ffmpeg.avcodec_find_encoder(AVCodecID.AV_CODEC_ID_MJPEG);
        var context = ffmpeg.avcodec_alloc_context3(codec);
        var frame = ffmpeg.av_frame_alloc();
        var packet = ffmpeg.av_packet_alloc();
        try
        {
            context->width = picture.Width;
            context->height = picture.Height;
            context->pix_fmt = AVPixelFormat.AV_PIX_FMT_YUVJ420P;
            context->color_range = AVColorRange.AVCOL_RANGE_JPEG;
            context->time_base = new() { num = 1, den = 25 }; // unused, but asked for
            context->thread_count = 1;
            context->flags |= ffmpeg.AV_CODEC_FLAG_QSCALE | ffmpeg.AV_CODEC_FLAG_BITEXACT;
            context->global_quality = quality * ffmpeg.FF_QP2LAMBDA;
            var what = $"Cannot encode a picture of {picture.Width}x{picture.Height} as JPEG";
            FFmpegException.ThrowIfNegative(ffmpeg.avcodec_open2(context, codec, null), what);
            FFmpegException.ThrowIfNegative(ffmpeg.av_frame_ref(frame, picture.Frame), what);
            frame->format = (int)AVPixelFormat.AV_PIX_FMT_YUVJ420P; // the same samples: full range
            frame->color_range = AVColorRange.AVCOL_RANGE_JPEG;
            frame->pict_type = AVPictureType.AV_PICTURE_TYPE_NONE;
            frame->quality = context->global_quality;
            frame->pts = 0;
            FFmpegException.ThrowIfNegative(ffmpeg.avcodec_send_frame(context, frame), what);
            FFmpegException.ThrowIfNegative(ffmpeg.avcodec_send_frame(context, null), what);
            FFmpegException.ThrowIfNegative(ffmpeg.avcodec_receive_packet(context, packet), what);
            return new ReadOnlySpan<byte>(packet->data, packet->size).ToArray();
        }
        finally
        {
            ffmpeg.av_packet_free(&packet);
            ffmpeg.av_frame_free(&frame);
            ffmpeg.avcodec_free_context(&context);
        }
    }
}
