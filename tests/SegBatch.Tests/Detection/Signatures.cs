using SegBatch.Detection;
using SegBatch.Inference;

namespace SegBatch.Tests.Detection;

/// <summary>Signatures of networks, from names and shapes. Outputs called labels, pred_classes or image_size hold whole numbers.</summary>
internal static class Signatures
{
    private static readonly string[] s_whole = ["labels", "pred_classes", "image_size", "6570", "onnx::Shape_2468", "7"];

    public static ModelSignature Of(int? classes, LabelNumbers? labels, params (string Name, int[] Shape)[] outputs) =>
        new()
        {
            Outputs = [.. outputs.Select(output => Tensor(output.Name, IsWhole(output) ? "int64" : "float32", output.Shape))],
            ClassCount = classes,
            Labels = labels,
        };

    public static ModelTensor Tensor(string name, string type, params int[] shape) => new(name, type, shape, [.. shape.Select(_ => "")]);

    /// <summary>The labels of queries are logits.</summary>
    private static bool IsWhole((string Name, int[] Shape) output) => s_whole.Contains(output.Name) && output.Shape.Length < 3;
}
