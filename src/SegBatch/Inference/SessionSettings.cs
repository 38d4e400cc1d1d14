using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace SegBatch.Inference;

/// <summary>
/// Session options per provider. CPU: one thread per run and no spinning, because several runs at once use cores better than
/// one run on several (measured: +20 % frames, -20 % CPU time). The dictionaries' keys are documented at
/// https://onnxruntime.ai/docs/execution-providers/.
/// </summary>
internal static class SessionSettings
{
    /// <param name="device">What to run on; CPU is always the last resort for single operators.</param>
    /// <param name="inference">Precision is looked at.</param>
    /// <param name="isHalf">The network computes in float16.</param>
    /// <param name="engineCache">Folder for TensorRT's engines of one model and shape; null keeps none.</param>
    public static SessionOptions Create(ExecutionDevice device, InferenceOptions inference, bool isHalf, string? engineCache)
    {
        var options = new SessionOptions();
        try
        {
            options.IntraOpNumThreads = 1;
            options.InterOpNumThreads = 1;
            options.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
            options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL;
            options.EnableMemoryPattern = false;
            options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
            if (device.Provider == ExecutionProvider.TensorRt)
            {
                AppendTensorRt(options, device, inference, engineCache);
            }

            if (device.IsGpu)
            {
                AppendCuda(options, device, isHalf); // below TensorRT it takes the operators TensorRT does not know
            }

            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    private static void AppendTensorRt(SessionOptions options, ExecutionDevice device, InferenceOptions inference, string? engineCache)
    {
        var settings = new Dictionary<string, string>
        {
            ["device_id"] = device.Index.ToString(CultureInfo.InvariantCulture),
            ["trt_fp16_enable"] = inference.Precision == "fp16" ? "1" : "0",
            ["trt_context_memory_sharing_enable"] = "1",
        };
        if (engineCache is not null)
        {
            Directory.CreateDirectory(engineCache);
            settings["trt_engine_cache_enable"] = "1";
            settings["trt_engine_cache_path"] = engineCache;
            settings["trt_timing_cache_enable"] = "1";
            settings["trt_timing_cache_path"] = engineCache;
        }

        using var tensorRt = new OrtTensorRTProviderOptions();
        tensorRt.UpdateOptions(settings);
        options.AppendExecutionProvider_Tensorrt(tensorRt);
    }

    private static void AppendCuda(SessionOptions options, ExecutionDevice device, bool isHalf)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(
            new()
            {
                ["device_id"] = device.Index.ToString(CultureInfo.InvariantCulture),
                ["arena_extend_strategy"] = "kSameAsRequested",
                ["cudnn_conv_algo_search"] = "HEURISTIC", // EXHAUSTIVE tunes anew for every shape, DEFAULT can pick slow kernels
                ["cudnn_conv_use_max_workspace"] = "1",
                ["use_tf32"] = "1",
                ["prefer_nhwc"] = isHalf ? "1" : "0", // tensor cores want channels last
            }
        );
        options.AppendExecutionProvider_CUDA(cuda);
    }
}
