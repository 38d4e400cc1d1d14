using Microsoft.ML.OnnxRuntime;
using SegBatch.Inference;

namespace SegBatch.Gpu;

/// <summary>The sizes of a model's outputs at an input shape, from its shapes alone: nothing is optimised, nothing runs.</summary>
internal static class ShapeProbe
{
    /// <summary>In the order of the model's outputs; -1 where a size depends on the picture.</summary>
    /// <exception cref="OnnxRuntimeException">The model does not take the shape.</exception>
    public static IReadOnlyList<ModelTensor> Outputs(ModelCard card, InputShape shape)
    {
        if (card.Outputs.All(output => output.Shape.All(size => size > 0)))
        {
            return card.Outputs;
        }

        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            IntraOpNumThreads = 1,
        };
        shape.Prepare(options, card);
        using var session = new InferenceSession(card.File.Path, options);
        return [.. session.OutputNames.Select(name => ModelCardReader.Tensor(name, session.OutputMetadata[name]))];
    }
}
