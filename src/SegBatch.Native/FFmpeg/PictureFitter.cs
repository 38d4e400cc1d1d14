using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>
/// Brings YUV 4:2:0 pictures to the even size an encoder wants: scales one of another size, and repeats the last column or row of
/// an odd one. Owns the picture it gives out.
/// </summary>
public sealed unsafe class PictureFitter : IDisposable
{
    private readonly int _width;
    private readonly int _height;
    private readonly Picture _fitted;
    private SwsContext* _scaler;

    /// <summary>Pictures of <paramref name="width"/> × <paramref name="height"/> come out, made even by one column or row.</summary>
    public PictureFitter(int width, int height)
    {
        (_width, _height) = (width, height);
        _fitted = Picture.Allocate(PictureFormat.Yuv420, (width + 1) & ~1, (height + 1) & ~1);
    }

    /// <summary>The picture itself if it fits as it is; else a fitted one that is valid until the next call.</summary>
    public Picture Fit(Picture picture)
    {
        if (picture.Width == _fitted.Width && picture.Height == _fitted.Height)
        {
            return picture;
        }

        FFmpegException.ThrowIfNegative(ffmpeg.av_frame_make_writable(_fitted.Frame), "No memory to fit a frame");
        if (picture.Width == _width && picture.Height == _height)
        {
            Copy(picture);
        }
        else
        {
            Scale(picture);
        }

        RepeatEdges();
        return _fitted;
    }

    public void Dispose()
    {
        ffmpeg.sws_freeContext(_scaler);
        _scaler = null;
        _fitted.Dispose();
    }

    private void Copy(Picture picture)
    {
        for (var plane = 0; plane < 3; plane++)
        {
            var (width, height) = plane == 0 ? (_width, _height) : ((_width + 1) / 2, (_height + 1) / 2);
            var from = picture.Plane(plane);
            var to = _fitted.Plane(plane);
            var (fromStride, toStride) = (picture.Stride(plane), _fitted.Stride(plane));
            for (var row = 0; row < height; row++)
            {
                from.Slice(row * fromStride, width).CopyTo(to[(row * toStride)..]);
            }
        }
    }

    /// <summary>Fills the whole size, as the reference's writer does for a stream that changes its size.</summary>
    private void Scale(Picture picture)
    {
        var source = picture.Frame;
        var target = _fitted.Frame;
        _scaler = ffmpeg.sws_getCachedContext(
            _scaler,
            source->width,
            source->height,
            AVPixelFormat.AV_PIX_FMT_YUV420P,
            _width,
            _height,
            AVPixelFormat.AV_PIX_FMT_YUV420P,
            ffmpeg.SWS_BICUBIC,
            null,
            null,
            null
        );
        if (_scaler is null)
        {
            throw new FFmpegException(
                $"Cannot scale {source->width}x{source->height} to {_width}x{_height}",
                ffmpeg.AVERROR(ffmpeg.EINVAL)
            );
        }

        var sourcePlanes = stackalloc byte*[4];
        var targetPlanes = stackalloc byte*[4];
        var sourceStrides = stackalloc int[4];
        var targetStrides = stackalloc int[4];
        for (var plane = 0; plane < 3; plane++)
        {
            sourcePlanes[plane] = source->data[(uint)plane];
            targetPlanes[plane] = target->data[(uint)plane];
            sourceStrides[plane] = source->linesize[(uint)plane];
            targetStrides[plane] = target->linesize[(uint)plane];
        }

        var result = ffmpeg.sws_scale(_scaler, sourcePlanes, sourceStrides, 0, source->height, targetPlanes, targetStrides);
        FFmpegException.ThrowIfNegative(result, $"Cannot scale {source->width}x{source->height} to {_width}x{_height}");
    }

    private void RepeatEdges()
    {
        var luma = _fitted.Plane(0);
        var stride = _fitted.Stride(0);
        if (_width % 2 == 1)
        {
            for (var row = 0; row < _height; row++)
            {
                luma[row * stride + _width] = luma[row * stride + _width - 1];
            }
        }

        if (_height % 2 == 1)
        {
            luma.Slice((_height - 1) * stride, stride).CopyTo(luma[(_height * stride)..]);
        }
    }
}
