using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>
/// A decoded frame as NV12 in one piece of memory, luma above interleaved chroma: on a CUDA device where the decoder left it there.
/// Owns one of the decoder's surfaces, of which there are few.
/// </summary>
public sealed unsafe class Surface : IDisposable
{
    private static int s_alive;

    private AVFrame* _frame;

    private Surface(AVFrame* frame)
    {
        _frame = frame;
        Interlocked.Increment(ref s_alive);
    }

    /// <summary>Surfaces of this process that are not disposed: what a test of leaks asks for.</summary>
    public static int Alive => s_alive;

    private AVFrame* Frame => _frame is not null ? _frame : throw new ObjectDisposedException(nameof(Surface));

    /// <summary>False: the memory is the host's.</summary>
    public bool IsOnDevice => Frame->hw_frames_ctx is not null;

    public int Width => Frame->width;

    public int Height => Frame->height;

    /// <summary>Address of the first luma sample, on the device where <see cref="IsOnDevice"/>.</summary>
    public nint Address => (nint)Frame->data[0];

    /// <summary>Bytes from row to row.</summary>
    public int Pitch => Frame->linesize[0];

    /// <summary>Rows from the first of luma to the first of chroma.</summary>
    public int LumaRows => (int)((Frame->data[1] - Frame->data[0]) / Pitch);

    /// <summary>Bytes up to the last chroma row.</summary>
    public long Bytes => (long)(LumaRows + (Height / 2)) * Pitch;

    /// <summary>Takes a frame's samples over; null, and the frame stays, where they do not lie as this type says.</summary>
    internal static Surface? Take(AVFrame* frame)
    {
        var format = (AVPixelFormat)frame->format;
        if (frame->hw_frames_ctx is not null)
        {
            var frames = (AVHWFramesContext*)frame->hw_frames_ctx->data;
            format = format == AVPixelFormat.AV_PIX_FMT_CUDA ? frames->sw_format : AVPixelFormat.AV_PIX_FMT_NONE;
        }

        var gap = frame->data[1] - frame->data[0];
        var pitch = frame->linesize[0];
        var isOnePiece = pitch > 0 && pitch == frame->linesize[1] && gap >= (long)pitch * frame->height && gap % pitch == 0;
        if (format != AVPixelFormat.AV_PIX_FMT_NV12 || !isOnePiece || frame->width % 2 != 0 || frame->height % 2 != 0)
        {
            return null;
        }

        var surface = new Surface(ffmpeg.av_frame_alloc());
        ffmpeg.av_frame_move_ref(surface._frame, frame);
        return surface;
    }

    /// <summary>A copy in host memory, laid out as a device's decoder does it: for tests of what reads surfaces.</summary>
    /// <param name="picture">8-bit planar 4:2:0 of even sides.</param>
    public static Surface? OnHost(Picture picture)
    {
        var source = picture.Frame;
        var frame = ffmpeg.av_frame_alloc();
        try
        {
            (frame->format, frame->width, frame->height) = ((int)AVPixelFormat.AV_PIX_FMT_NV12, source->width, source->height);
            FFmpegException.ThrowIfNegative(ffmpeg.av_frame_get_buffer(frame, 0), "No memory for a surface");
            var pitch = frame->linesize[0];
            frame->data[1] = frame->data[0] + ((frame->data[1] - frame->data[0]) / pitch * pitch); // whole rows, within the same buffer
            frame->linesize[1] = pitch;
            for (var row = 0; row < source->height; row++)
            {
                Buffer.MemoryCopy(source->data[0] + (row * source->linesize[0]), frame->data[0] + (row * pitch), pitch, source->width);
            }

            for (var row = 0; row < source->height / 2; row++)
            {
                var u = source->data[1] + (row * source->linesize[1]);
                var v = source->data[2] + (row * source->linesize[2]);
                var target = frame->data[1] + (row * pitch);
                for (var column = 0; column < source->width / 2; column++)
                {
                    (target[2 * column], target[(2 * column) + 1]) = (u[column], v[column]);
                }
            }

            FFmpegException.ThrowIfNegative(ffmpeg.av_frame_copy_props(frame, source), "Cannot copy a frame's properties");
            return Take(frame);
        }
        finally
        {
            ffmpeg.av_frame_free(&frame);
        }
    }

    /// <summary>
    /// Waits until the decoder has written the samples. The decoder works on a stream of its own, and other streams do not wait for it.
    /// </summary>
    /// <exception cref="FFmpegException">The device failed.</exception>
    public void WaitForDecoder()
    {
        if (!IsOnDevice)
        {
            return;
        }

        var frames = (AVHWFramesContext*)Frame->hw_frames_ctx->data;
        var device = (CudaDevice*)frames->device_ctx->hwctx;
        CudaDriver.Synchronize(device->Context, device->Stream);
    }

    /// <summary>The samples as 8-bit planar 4:2:0 in host memory.</summary>
    /// <exception cref="FFmpegException">The device failed, or there is no memory.</exception>
    public Picture ToPicture(PictureConverter converter)
    {
        if (!IsOnDevice)
        {
            return converter.Convert(Frame, PictureFormat.Yuv420);
        }

        var host = ffmpeg.av_frame_alloc();
        try
        {
            FFmpegException.ThrowIfNegative(ffmpeg.av_hwframe_transfer_data(host, Frame, 0), "Cannot fetch a frame from the device");
            FFmpegException.ThrowIfNegative(ffmpeg.av_frame_copy_props(host, Frame), "Cannot copy a frame's properties");
            return converter.Convert(host, PictureFormat.Yuv420);
        }
        finally
        {
            ffmpeg.av_frame_free(&host);
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
}
