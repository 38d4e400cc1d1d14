using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>The sample layouts a <see cref="Picture"/> is made in.</summary>
public enum PictureFormat
{
    /// <summary>8-bit planar YUV 4:2:0.</summary>
    Yuv420,

    /// <summary>8-bit interleaved R,G,B.</summary>
    Rgb24,

    /// <summary>8-bit interleaved B,G,R.</summary>
    Bgr24,
}

/// <summary>Owns one AVFrame with 8-bit samples in host memory. Planes are views: they end with the picture.</summary>
public sealed unsafe class Picture : IDisposable
{
    private static int s_alive;

    private AVFrame* _frame;

    /// <summary>A picture without samples, to be filled by moving a decoded frame into it.</summary>
    internal Picture()
    {
        _frame = ffmpeg.av_frame_alloc();
        Interlocked.Increment(ref s_alive);
    }

    /// <summary>Pictures of this process that are not disposed: what a test of leaks asks for.</summary>
    public static int Alive => s_alive;

    internal AVFrame* Frame => _frame is not null ? _frame : throw new ObjectDisposedException(nameof(Picture));

    public int Width => Frame->width;

    public int Height => Frame->height;

    /// <summary>Room for a picture; its samples are not cleared.</summary>
    /// <exception cref="FFmpegException">There is no memory for it.</exception>
    public static Picture Allocate(PictureFormat format, int width, int height)
    {
        NativeVersions.RequireFFmpeg();
        var picture = new Picture();
        picture.Frame->format = (int)Native(format);
        picture.Frame->width = width;
        picture.Frame->height = height;
        var result = ffmpeg.av_frame_get_buffer(picture.Frame, 0);
        if (result < 0)
        {
            picture.Dispose();
            throw new FFmpegException($"No memory for a picture of {width}x{height}", result);
        }

        return picture;
    }

    /// <summary>Rows of one plane, <see cref="Stride"/> bytes apart.</summary>
    public Span<byte> Plane(int index)
    {
        var frame = Frame;
        var rows =
            index == 0 || frame->format != (int)AVPixelFormat.AV_PIX_FMT_YUV420P && frame->format != (int)AVPixelFormat.AV_PIX_FMT_YUVJ420P
                ? frame->height
                : (frame->height + 1) / 2;
        return new Span<byte>(frame->data[(uint)index], rows * frame->linesize[(uint)index]);
    }

    /// <summary>Bytes from one row of a plane to the next.</summary>
    public int Stride(int index) => Frame->linesize[(uint)index];

    /// <summary>Copies the samples if the decoder still refers to them, so that drawing cannot reach other frames.</summary>
    public void EnsureWritable() => FFmpegException.ThrowIfNegative(ffmpeg.av_frame_make_writable(Frame), "No memory to copy a frame");

    /// <summary>Gives this picture the colour tags of another.</summary>
    public void TagAs(Picture other) => Tag(other.Frame, yuv: true);

    /// <param name="yuv">False: the samples have another matrix and range now, so only primaries and transfer stay true.</param>
    internal void Tag(AVFrame* source, bool yuv)
    {
        Frame->color_primaries = source->color_primaries;
        Frame->color_trc = source->color_trc;
        if (yuv)
        {
            Frame->colorspace = source->colorspace;
            Frame->color_range = source->color_range;
        }
    }

    public void Dispose()
    {
        var frame = _frame;
        _frame = null;
        if (frame is not null)
        {
            ffmpeg.av_frame_free(&frame);
            Interlocked.Decrement(ref s_alive);
        }
    }

    internal static AVPixelFormat Native(PictureFormat format) =>
        format switch
        {
            PictureFormat.Yuv420 => AVPixelFormat.AV_PIX_FMT_YUV420P,
            PictureFormat.Rgb24 => AVPixelFormat.AV_PIX_FMT_RGB24,
            _ => AVPixelFormat.AV_PIX_FMT_BGR24,
        };
}
