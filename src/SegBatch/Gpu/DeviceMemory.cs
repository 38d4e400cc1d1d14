using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SegBatch.Inference;

namespace SegBatch.Gpu;

/// <summary>
/// Memory of a session's device, and host memory its device can reach without a detour (pinned). On the CPU both are the same kind.
/// </summary>
internal sealed class DeviceMemory : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly OrtAllocator _device = OrtAllocator.DefaultInstance;
    private readonly OrtAllocator _host = OrtAllocator.DefaultInstance;

    /// <param name="session">Made for that device.</param>
    /// <exception cref="OnnxRuntimeException">The session has no memory there.</exception>
    public DeviceMemory(InferenceSession session, ExecutionDevice device)
    {
        Info = OrtMemoryInfo.DefaultInstance;
        if (!device.IsGpu)
        {
            return;
        }

        Info = Own(new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, device.Index, OrtMemType.Default));
        var pinned = Own(
            new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA_PINNED, OrtAllocatorType.DeviceAllocator, device.Index, OrtMemType.CpuOutput)
        );
        _device = Own(new OrtAllocator(session, Info));
        _host = Own(new OrtAllocator(session, pinned));
    }

    /// <summary>Where <see cref="OnDevice"/> lies, for values over memory that others own.</summary>
    public OrtMemoryInfo Info { get; }

    /// <summary>A tensor on the device, of undefined content.</summary>
    public DeviceTensor OnDevice(TensorElementType type, params ReadOnlySpan<long> shape) => new(_device, type, shape);

    /// <summary>A tensor on the host, of undefined content.</summary>
    public DeviceTensor OnHost(TensorElementType type, params ReadOnlySpan<long> shape) => new(_host, type, shape);

    /// <summary>Call it after every tensor has been disposed.</summary>
    public void Dispose()
    {
        for (var i = _owned.Count - 1; i >= 0; i--)
        {
            _owned[i].Dispose();
        }
    }

    private T Own<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }
}
