using System.Runtime.InteropServices;

namespace SegBatch.Onnx;

/// <summary>Reads small constants of a graph.</summary>
internal static class TensorValues
{
    /// <summary>A constant's whole numbers; null where it is none of int64.</summary>
    public static long[]? Integers(TensorProto? tensor) =>
        tensor is not { DataType: (int)TensorProto.Types.DataType.Int64, ExternalData.Count: 0 } ? null
        : tensor.RawData.IsEmpty ? [.. tensor.Int64Data]
        : MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray();
}
