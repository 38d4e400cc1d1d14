using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using SegBatch.Geometry;
using SegBatch.Gpu;
using SegBatch.Inference;

namespace SegBatch.GpuBench;

/// <summary>The network alone, pictures and outputs on the device: what the provider can do.</summary>
internal static class BareInference
{
    private const double Seconds = 3;

    /// <summary>Pictures per second on random pictures (zeros would flatter), after a warm-up.</summary>
    /// <param name="tensorRt">TensorRT in half precision above CUDA.</param>
    public static double Run(string modelPath, int batch, FrameSize size, bool nhwc, string search, bool tensorRt)
    {
        var card = ModelCard.Read(modelPath);
        var shape = new InputShape(card.FixedBatch ?? batch, size);
        var device = new ExecutionDevice(ExecutionProvider.Cuda, 0);
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        shape.Prepare(options, card);
        if (tensorRt)
        {
            using var engine = new OrtTensorRTProviderOptions();
            engine.UpdateOptions(new() { ["trt_fp16_enable"] = "1" });
            options.AppendExecutionProvider_Tensorrt(engine);
        }

        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(
            new()
            {
                ["cudnn_conv_algo_search"] = search,
                ["prefer_nhwc"] = nhwc ? "1" : "0",
                ["arena_extend_strategy"] = "kSameAsRequested",
                ["cudnn_conv_use_max_workspace"] = "1",
            }
        );
        options.AppendExecutionProvider_CUDA(cuda);
        using var session = new InferenceSession(modelPath, options);
        using var memory = new DeviceMemory(session, device);
        using var binding = session.CreateIoBinding();
        using var run = new RunOptions();
        var random = new Random(1);
        var pictures = new float[3 * size.Area * shape.Batch];
        foreach (ref var value in pictures.AsSpan())
        {
            value = random.NextSingle();
        }

        using var input = OrtValue.CreateTensorValueFromMemory(pictures, Array.ConvertAll(shape.Dimensions, side => (long)side));
        binding.BindInput(card.Input.Name, input);
        foreach (var output in session.OutputNames)
        {
            binding.BindOutputToDevice(output, memory.Info);
        }

        for (var i = 0; i < 5; i++)
        {
            session.RunWithBinding(run, binding);
        }

        var (runs, started) = (0, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < Seconds)
        {
            session.RunWithBinding(run, binding); // returns when the device is done
            runs++;
        }

        return runs * shape.Batch / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
