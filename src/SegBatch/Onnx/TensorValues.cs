using System.Runtime.InteropServices;

namespace SegBatch.Onnx;

/// <summary>Reads constants of a graph.</summary>
internal static class TensorValues
{
    /// <summary>A constant's whole numbers; null where it is none of int64.</summary>
    public static long[]? Integers(TensorProto? tensor) =>
        tensor is not { DataType: (int)TensorProto.Types.DataType.Int64, ExternalData.Count: 0 } ? null
        : tensor.RawData.IsEmpty ? [.. tensor.Int64Data]
        : MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray();

    /// <summary>The values of a tensor of single precision, in either form of storage.</summary>
    public static float[] Singles(TensorProto tensor) =>
        tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];
}
