using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>
/// Where one software decoder writes its 8-bit 4:2:0 pictures: buffers that go round within the decoder, as libavcodec's own do, but
/// whose memory comes from <see cref="PictureMemory"/> and returns there. Frames may outlive it.
/// </summary>
internal sealed unsafe class PictureBuffers : IDisposable
{
    /// <summary>Smaller pictures lie in the C library's heap, which is quick enough.</summary>
    private const int LeastPixels = 1 << 17;

    /// <summary>What libavcodec adds to a plane, for decoders that write beyond its end (get_buffer.c, update_frame_pool).</summary>
    private const int Overrun = 16 + 64 - 1;

    private readonly Lock _gate = new();
    private GCHandle _self;
    private AVBufferPool* _luma;
    private AVBufferPool* _chroma;
    private (int Width, int Height) _size;
    private int _stride;

    public PictureBuffers() => _self = GCHandle.Alloc(this);

    /// <summary>Makes a codec, before it is opened, ask here. Codecs that cannot be told where to write go on as they are.</summary>
    public void Attach(AVCodecContext* context, AVCodec* codec)
    {
        if ((codec->capabilities & ffmpeg.AV_CODEC_CAP_DR1) == 0)
        {
            return;
        }

        delegate* unmanaged[Cdecl]<AVCodecContext*, AVFrame*, int, int> get = &Get;
        context->opaque = (void*)GCHandle.ToIntPtr(_self);
        context->get_buffer2.Pointer = (nint)get;
        context->thread_safe_callbacks = 1;
    }

    /// <summary>After the codec is freed. Buffers of frames that are still alive follow when those go.</summary>
    public void Dispose()
    {
        Drop();
        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private void Drop()
    {
        var (luma, chroma) = ((nint)_luma, (nint)_chroma);
        _luma = _chroma = null;
        ffmpeg.av_buffer_pool_uninit((AVBufferPool**)&luma);
        ffmpeg.av_buffer_pool_uninit((AVBufferPool**)&chroma);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Get(AVCodecContext* context, AVFrame* frame, int flags)
    {
        var isPlain = (AVPixelFormat)frame->format is AVPixelFormat.AV_PIX_FMT_YUV420P or AVPixelFormat.AV_PIX_FMT_YUVJ420P;
        return isPlain && (long)frame->width * frame->height >= LeastPixels
            ? ((PictureBuffers)GCHandle.FromIntPtr((nint)context->opaque).Target!).Fill(context, frame)
            : ffmpeg.avcodec_default_get_buffer2(context, frame, flags);
    }

    private int Fill(AVCodecContext* context, AVFrame* frame)
    {
        lock (_gate)
        {
            if (_luma is null || _size != (frame->width, frame->height))
            {
                Prepare(context, frame->width, frame->height);
                if (_luma is null || _chroma is null)
                {
                    Drop();
                    return ffmpeg.AVERROR(ffmpeg.ENOMEM);
                }
            }

            for (var plane = 0u; plane < 3; plane++)
            {
                var buffer = ffmpeg.av_buffer_pool_get(plane == 0 ? _luma : _chroma);
                if (buffer is null)
                {
                    return ffmpeg.AVERROR(ffmpeg.ENOMEM); // libavcodec lets go of the planes that are there
                }

                frame->buf[plane] = buffer;
                frame->data[plane] = buffer->data;
                frame->linesize[plane] = plane == 0 ? _stride : _stride / 2;
            }
        }

        frame->extended_data = (byte**)&frame->data;
        return 0;
    }

    /// <summary>Width and height as the codec wants them, and the width grown until the rows of every plane begin aligned.</summary>
    private void Prepare(AVCodecContext* context, int width, int height)
    {
        Drop();
        var (alignedWidth, alignedHeight) = (width, height);
        var alignments = stackalloc int[ffmpeg.AV_NUM_DATA_POINTERS];
        ffmpeg.avcodec_align_dimensions2(context, &alignedWidth, &alignedHeight, alignments);
        while (alignedWidth % alignments[0] != 0 || alignedWidth / 2 % alignments[1] != 0 || alignedWidth / 2 % alignments[2] != 0)
        {
            alignedWidth += alignedWidth & -alignedWidth;
        }

        (_size, _stride) = ((width, height), alignedWidth);
        _luma = Pool((nuint)alignedWidth * (nuint)alignedHeight);
        _chroma = Pool((nuint)(alignedWidth / 2) * (nuint)((alignedHeight + 1) / 2));
    }

    private static AVBufferPool* Pool(nuint size)
    {
        delegate* unmanaged[Cdecl]<void*, nuint, AVBufferRef*> make = &Make;
        return ffmpeg.av_buffer_pool_init2(size + Overrun, null, new av_buffer_pool_init2_alloc_func { Pointer = (nint)make }, default);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static AVBufferRef* Make(void* pool, nuint size)
    {
        var block = PictureMemory.Take(size);
        if (block == 0)
        {
            return null;
        }

        delegate* unmanaged[Cdecl]<void*, byte*, void> free = &Free;
        var buffer = ffmpeg.av_buffer_create((byte*)block, size, new av_buffer_create_free_func { Pointer = (nint)free }, (void*)size, 0);
        if (buffer is null)
        {
            PictureMemory.GiveBack(block, size);
        }

        return buffer;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(void* size, byte* block) => PictureMemory.GiveBack((nint)block, (nuint)size);
}
