using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Gpu;

/// <summary>What a letterbox session is prepared for.</summary>
internal readonly record struct SurfaceGeometry(Nv12Surface Surface, LetterboxTransform Letterbox, ColorSpec Color)
{
    public static SurfaceGeometry Of(Surface surface, LetterboxTransform letterbox, ColorSpec color) =>
        new(new Nv12Surface(letterbox.Source, surface.LumaRows, surface.Pitch), letterbox, color);
}

/// <summary>Letterboxes surfaces of one geometry straight into a slot of a batch, on the device. Several threads may use it at once.</summary>
internal sealed class SurfaceLetterbox(SurfaceGeometry geometry, SessionOptions options) : IDisposable
{
    private readonly InferenceSession _session = new(
        LetterboxGraph.Create(geometry.Surface, geometry.Letterbox, geometry.Color, ConversionOrder.BeforeResize),
        options
    );

    /// <summary>Done when it returns: the surface may go back to its decoder.</summary>
    /// <param name="info">The device's memory.</param>
    /// <param name="slot">[1, 3, height, width] on the device.</param>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    /// <exception cref="FFmpegException">The decoder's device failed.</exception>
    public void Fill(Surface surface, OrtMemoryInfo info, OrtValue slot)
    {
        surface.WaitForDecoder();
        using var input = OrtValue.CreateTensorValueWithData(
            info,
            TensorElementType.UInt8,
            geometry.Surface.Shape,
            surface.Address,
            surface.Bytes
        );
        using var binding = _session.CreateIoBinding();
        using var run = new RunOptions();
        binding.BindInput(LetterboxGraph.Surface, input);
        binding.BindOutput(LetterboxGraph.Picture, slot);
        _session.RunWithBinding(run, binding);
    }

    public void Dispose() => _session.Dispose();
}

/// <summary>A run's buffers that travel with a batch from its first picture on, and the session they belong to.</summary>
internal sealed class DeviceBatch(SessionCache<InputShape, SelectionSession>.Lease lease, SelectionRun run) : IDisposable
{
    public SelectionSession Session => lease.Session;

    public SelectionRun Run => run;

    /// <summary>Takes the lease over, whatever happens.</summary>
    public static DeviceBatch Of(SessionCache<InputShape, SelectionSession>.Lease lease)
    {
        try
        {
            return new DeviceBatch(lease, lease.Session.Rent());
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        run.Dispose();
        lease.Dispose();
    }
}
