using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>How a converter trades accuracy for speed.</summary>
public enum ConversionQuality
{
    /// <summary>What OpenCV's video reader asks for: bicubic, no further flags.</summary>
    AsOpenCv,

    /// <summary>Bicubic with full chroma interpolation and exact rounding.</summary>
    Accurate,
}

/// <summary>Converts decoded frames between sample layouts with libswscale. Keeps its context while the input stays alike.</summary>
public sealed unsafe class PictureConverter(ConversionQuality quality) : IDisposable
{
    private SwsContext* _context;

    /// <summary>Which matrix YUV output of RGB input gets: AVColorSpace number.</summary>
    public static int MatrixFor(SampleColor color, int height) =>
        color.Matrix switch
        {
            (int)AVColorSpace.AVCOL_SPC_BT709 => (int)AVColorSpace.AVCOL_SPC_BT709,
            (int)AVColorSpace.AVCOL_SPC_BT2020_NCL or (int)AVColorSpace.AVCOL_SPC_BT2020_CL => (int)AVColorSpace.AVCOL_SPC_BT2020_NCL,
            (int)AVColorSpace.AVCOL_SPC_BT470BG or (int)AVColorSpace.AVCOL_SPC_SMPTE170M or (int)AVColorSpace.AVCOL_SPC_FCC => (int)
                AVColorSpace.AVCOL_SPC_SMPTE170M,
            _ => height >= 720 ? (int)AVColorSpace.AVCOL_SPC_BT709 : (int)AVColorSpace.AVCOL_SPC_SMPTE170M,
        };

    /// <summary>A picture of the same size in another layout. YUV keeps its matrix and range.</summary>
    internal Picture Convert(AVFrame* frame, PictureFormat format)
    {
        var flags =
            quality == ConversionQuality.AsOpenCv
                ? ffmpeg.SWS_BICUBIC
                : ffmpeg.SWS_BICUBIC | ffmpeg.SWS_ACCURATE_RND | ffmpeg.SWS_FULL_CHR_H_INT;
        _context = ffmpeg.sws_getCachedContext(
            _context,
            frame->width,
            frame->height,
            (AVPixelFormat)frame->format,
            frame->width,
            frame->height,
            Picture.Native(format),
            flags,
            null,
            null,
            null
        );
        if (_context is null)
        {
            throw new FFmpegException(
                $"Cannot convert from {ffmpeg.av_get_pix_fmt_name((AVPixelFormat)frame->format)}",
                ffmpeg.AVERROR(ffmpeg.EINVAL)
            );
        }

        if (quality == ConversionQuality.Accurate)
        {
            SetColor(frame, format);
        }

        var picture = Picture.Allocate(format, frame->width, frame->height);
        var result = ffmpeg.sws_scale_frame(_context, picture.Frame, frame);
        if (result < 0)
        {
            picture.Dispose();
            throw new FFmpegException("Cannot convert a frame", result);
        }

        return picture;
    }

    public void Dispose()
    {
        ffmpeg.sws_freeContext(_context);
        _context = null;
    }

    private void SetColor(AVFrame* frame, PictureFormat format)
    {
        var source = (AVPixelFormat)frame->format;
        var color = VideoDecoder.ColorOf((int)frame->colorspace, frame->color_range, source, 0, 0);
        var coefficients = ffmpeg.sws_getCoefficients(MatrixFor(color, frame->height));
        var sourceFull = color.FullRange || VideoDecoder.IsRgb(source) ? 1 : 0;
        var targetFull = format != PictureFormat.Yuv420 || (color.FullRange && !VideoDecoder.IsRgb(source)) ? 1 : 0;
        // A negative result means that the pair of layouts has nothing to set: a plain copy.
        _ = ffmpeg.sws_setColorspaceDetails(_context, coefficients, sourceFull, coefficients, targetFull, 0, 1 << 16, 1 << 16);
    }
}
