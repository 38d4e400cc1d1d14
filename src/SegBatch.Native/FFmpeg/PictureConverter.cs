using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>How a converter trades accuracy for speed.</summary>
public enum ConversionQuality
{
    /// <summary>What OpenCV's video reader asks for: bicubic, swscale's own defaults for matrix and range.</summary>
    AsOpenCv,

    /// <summary>Bicubic with full chroma interpolation and exact rounding, the frame's own matrix and range, transparency over black.</summary>
    Accurate,
}

/// <summary>Converts decoded frames between sample layouts with libswscale. Keeps its tables while the input stays alike.</summary>
public sealed unsafe class PictureConverter(ConversionQuality quality) : IDisposable
{
    private SwsContext* _context;
    private Conversion _made;

    /// <summary>A picture of the same size in another layout. YUV keeps its matrix and range.</summary>
    internal Picture Convert(AVFrame* frame, PictureFormat format)
    {
        var source = (AVPixelFormat)frame->format;
        var color = SampleColor.Of(frame);
        var fromRgb = SampleColor.IsRgb(source);
        var wanted = new Conversion(
            frame->width,
            frame->height,
            source,
            Picture.Native(format),
            color.MatrixAt(frame->height),
            SourceFull: color.FullRange || fromRgb,
            TargetFull: format != PictureFormat.Yuv420 || color.FullRange
        );
        if (wanted != _made || _context is null)
        {
            Prepare(wanted);
        }

        var picture = Picture.Allocate(format, frame->width, frame->height);
        var result = ffmpeg.sws_scale_frame(_context, picture.Frame, frame);
        if (result < 0)
        {
            picture.Dispose();
            throw new FFmpegException("Cannot convert a frame", result);
        }

        picture.Tag(frame, format == PictureFormat.Yuv420 && !fromRgb);
        return picture;
    }

    public void Dispose()
    {
        ffmpeg.sws_freeContext(_context);
        _context = null;
    }

    private void Prepare(Conversion wanted)
    {
        Dispose();
        _context = quality == ConversionQuality.AsOpenCv ? AsOpenCv(wanted) : Accurate(wanted);
        if (_context is null)
        {
            throw new FFmpegException($"Cannot convert from {ffmpeg.av_get_pix_fmt_name(wanted.Source)}", ffmpeg.AVERROR(ffmpeg.EINVAL));
        }

        _made = wanted;
    }

    private static SwsContext* AsOpenCv(Conversion wanted) =>
        ffmpeg.sws_getContext(
            wanted.Width,
            wanted.Height,
            wanted.Source,
            wanted.Width,
            wanted.Height,
            wanted.Target,
            ffmpeg.SWS_BICUBIC,
            null,
            null,
            null
        );

    private static SwsContext* Accurate(Conversion wanted)
    {
        const int BlendOverBlack = 1; // SWS_ALPHA_BLEND_UNIFORM
        ReadOnlySpan<(string Name, long Value)> options =
        [
            ("srcw", wanted.Width),
            ("srch", wanted.Height),
            ("src_format", (long)wanted.Source),
            ("dstw", wanted.Width),
            ("dsth", wanted.Height),
            ("dst_format", (long)wanted.Target),
            ("sws_flags", ffmpeg.SWS_BICUBIC | ffmpeg.SWS_ACCURATE_RND | ffmpeg.SWS_FULL_CHR_H_INT),
            ("src_range", wanted.SourceFull ? 1 : 0),
            ("dst_range", wanted.TargetFull ? 1 : 0),
            ("alphablend", BlendOverBlack),
        ];
        var context = ffmpeg.sws_alloc_context();
        foreach (var (name, value) in options)
        {
            FFmpegException.ThrowIfNegative(ffmpeg.av_opt_set_int(context, name, value, 0), $"libswscale refuses {name}");
        }

        if (ffmpeg.sws_init_context(context, null, null) < 0)
        {
            ffmpeg.sws_freeContext(context);
            return null;
        }

        var coefficients = ffmpeg.sws_getCoefficients(
            wanted.Matrix switch
            {
                YuvMatrix.Bt709 => ffmpeg.SWS_CS_ITU709,
                YuvMatrix.Bt2020 => ffmpeg.SWS_CS_BT2020,
                _ => ffmpeg.SWS_CS_ITU601,
            }
        );
        // A negative result means that this pair of layouts has nothing to set: samples are moved, not computed.
        _ = ffmpeg.sws_setColorspaceDetails(
            context,
            coefficients,
            wanted.SourceFull ? 1 : 0,
            coefficients,
            wanted.TargetFull ? 1 : 0,
            0,
            1 << 16,
            1 << 16
        );
        return context;
    }

    private readonly record struct Conversion(
        int Width,
        int Height,
        AVPixelFormat Source,
        AVPixelFormat Target,
        YuvMatrix Matrix,
        bool SourceFull,
        bool TargetFull
    );
}
