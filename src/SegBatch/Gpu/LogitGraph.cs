using SegBatch.Onnx;
using static SegBatch.Onnx.TensorProto.Types;

namespace SegBatch.Gpu;

/// <summary>
/// Mask logits of chosen objects on chosen prototype cells: coefficients times prototypes, nowhere else. Coefficients and prototypes
/// stay on the device; two indices per cell go there, one logit per cell comes back.
/// </summary>
/// <remarks>
/// Products and sums, no matrix product: on NVIDIA devices that one may round its factors to TF32 (10 bits), which moves mask edges.
/// </remarks>
internal static class LogitGraph
{
    /// <summary>Input [objects, nm].</summary>
    public const string Coefficients = "coefficients";

    /// <summary>Input [B, nm, mh, mw].</summary>
    public const string Prototypes = "prototypes";

    /// <summary>Input [cells] int32: the row of the coefficients.</summary>
    public const string Objects = "objects";

    /// <summary>Input [cells] int32: picture · mh · mw + row · mw + column.</summary>
    public const string Cells = "cells";

    /// <summary>Output [cells].</summary>
    public const string Logits = "logits";

    /// <param name="maps">nm.</param>
    /// <param name="prototypes">Element type of the prototypes: float32 or float16.</param>
    public static byte[] Create(int maps, DataType prototypes)
    {
        var graph = new GraphBuilder("mask logits");
        graph.Input(Coefficients, DataType.Float, -1, maps);
        graph.Input(Prototypes, prototypes, -1, maps, -1, -1);
        graph.Input(Objects, DataType.Int32, -1);
        graph.Input(Cells, DataType.Int32, -1);
        var flat = graph.Add("Reshape", [Prototypes, graph.Integers(0, maps, -1)]);
        var perCell = graph.Add("Transpose", [flat], null, NodeAttribute.Of("perm", 0, 2, 1));
        var cells = graph.Add("Gather", [graph.Add("Reshape", [perCell, graph.Integers(-1, maps)]), Cells]);
        var wide = graph.Add("Cast", [cells], null, NodeAttribute.Of("to", (long)DataType.Float));
        var products = graph.Add("Mul", [wide, graph.Add("Gather", [Coefficients, Objects])]);
        graph.Add("ReduceSum", [products, graph.Integers(1)], Logits, NodeAttribute.Of("keepdims", 0));
        graph.Output(Logits, DataType.Float, -1);
        return graph.ToBytes();
    }
}
