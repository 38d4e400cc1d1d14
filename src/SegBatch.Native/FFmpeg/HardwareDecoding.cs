using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>Hands a codec a hardware device, before it is opened.</summary>
internal static unsafe class HardwareDecoding
{
    /// <summary>Lets the codec decode on the first device of a type.</summary>
    /// <param name="acceleration">FFmpeg's name of the type: "cuda", "vaapi", "qsv".</param>
    /// <param name="heldSurfaces">Surfaces that are held at once behind the decoder; 0 where each is copied at once.</param>
    /// <exception cref="FFmpegException">No such type, device, or support for this codec.</exception>
    public static void Attach(AVCodecContext* context, AVCodec* codec, string acceleration, int heldSurfaces)
    {
        // ONNX Runtime lives in the device's primary context: what is shared with it must be made there.
        const int PrimaryContext = 1; // AV_CUDA_USE_PRIMARY_CONTEXT

        var type = ffmpeg.av_hwdevice_find_type_by_name(acceleration);
        context->opaque = (void*)(nint)(int)SurfaceFormat(codec, type, acceleration);
        AVBufferRef* device = null;
        FFmpegException.ThrowIfNegative(
            ffmpeg.av_hwdevice_ctx_create(&device, type, null, null, type == AVHWDeviceType.AV_HWDEVICE_TYPE_CUDA ? PrimaryContext : 0),
            $"Cannot open a {acceleration} device"
        );
        context->hw_device_ctx = device;
        delegate* unmanaged[Cdecl]<AVCodecContext*, AVPixelFormat*, AVPixelFormat> choose = &ChooseFormat;
        context->get_format.Pointer = (nint)choose;
        // Where surfaces are copied to host memory at once: the one that is being copied, and one to spare.
        context->extra_hw_frames = 2 + heldSurfaces;
        context->thread_count = 1;
    }

    private static AVPixelFormat SurfaceFormat(AVCodec* codec, AVHWDeviceType type, string acceleration)
    {
        for (var i = 0; ; i++)
        {
            var config = ffmpeg.avcodec_get_hw_config(codec, i);
            if (config is null)
            {
                throw new FFmpegException(
                    $"{acceleration} does not decode {ffmpeg.avcodec_get_name(codec->id)}",
                    ffmpeg.AVERROR(ffmpeg.ENOSYS)
                );
            }

            if (config->device_type == type && (config->methods & ffmpeg.AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX) != 0)
            {
                return config->pix_fmt;
            }
        }
    }

    /// <summary>The device's own layout; where the stream's profile does not offer it, the codec's layout in host memory.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static AVPixelFormat ChooseFormat(AVCodecContext* context, AVPixelFormat* offered)
    {
        var wanted = (AVPixelFormat)(int)(nint)context->opaque;
        var software = AVPixelFormat.AV_PIX_FMT_NONE;
        for (var format = offered; *format != AVPixelFormat.AV_PIX_FMT_NONE; format++)
        {
            if (*format == wanted)
            {
                return wanted;
            }

            software = software == AVPixelFormat.AV_PIX_FMT_NONE && !SampleColor.IsHardware(*format) ? *format : software;
        }

        return software;
    }
}
