using System.Runtime.InteropServices;
using FFmpeg.AutoGen;

namespace SegBatch.Native.FFmpeg;

/// <summary>The first members of FFmpeg's AVCUDADeviceContext (libavutil/hwcontext_cuda.h), which needs CUDA's headers to be translated.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CudaDevice
{
    public nint Context;
    public nint Stream;
}

/// <summary>The part of CUDA's driver interface that waits (https://docs.nvidia.com/cuda/cuda-driver-api/).</summary>
internal static partial class CudaDriver
{
    private const string Library = "libcuda.so.1";

    /// <summary>Waits until everything queued so far on a stream of a context is done.</summary>
    public static void Synchronize(nint context, nint stream)
    {
        Check(cuCtxPushCurrent(context));
        var result = cuStreamSynchronize(stream);
        Check(cuCtxPopCurrent(out _));
        Check(result);
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new FFmpegException($"CUDA's driver failed with error {result}", ffmpeg.AVERROR_EXTERNAL);
        }
    }

    [LibraryImport(Library, EntryPoint = "cuCtxPushCurrent_v2")]
    private static partial int cuCtxPushCurrent(nint context);

    [LibraryImport(Library, EntryPoint = "cuCtxPopCurrent_v2")]
    private static partial int cuCtxPopCurrent(out nint context);

    [LibraryImport(Library)]
    private static partial int cuStreamSynchronize(nint stream);
}
