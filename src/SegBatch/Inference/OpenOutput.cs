using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SegBatch.Inference;

/// <summary>
/// Outputs that cannot be bound beforehand, because their size depends on the picture or they are no floating point numbers:
/// copied from the runtime's memory as single precision. Whole numbers beyond 2^24 lose their last digits.
/// </summary>
internal static class OpenOutput
{
    public static OutputTensor Copy(OrtValue value)
    {
        if (!value.IsTensor)
        {
            throw new NotSupportedException($"an output is a {value.OnnxType}, not a tensor");
        }

        var info = value.GetTensorTypeAndShape();
        var values = info.ElementDataType switch
        {
            TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Float16 => Widen(value.GetTensorDataAsSpan<Float16>()),
            TensorElementType.Double => Convert(value.GetTensorDataAsSpan<double>()),
            TensorElementType.Int64 => Convert(value.GetTensorDataAsSpan<long>()),
            TensorElementType.Int32 => Convert(value.GetTensorDataAsSpan<int>()),
            TensorElementType.UInt8 => Convert(value.GetTensorDataAsSpan<byte>()),
            TensorElementType.Bool => Array.ConvertAll(value.GetTensorDataAsSpan<bool>().ToArray(), bit => bit ? 1f : 0f),
            var other => throw new NotSupportedException($"an output has elements of type {other}"),
        };
        return new(values, Array.ConvertAll(info.Shape, size => checked((int)size)));
    }

    private static float[] Widen(ReadOnlySpan<Float16> halves)
    {
        var values = new float[halves.Length];
        HalfConversion.ToSingle(MemoryMarshal.Cast<Float16, ushort>(halves), values);
        return values;
    }

    private static float[] Convert<T>(ReadOnlySpan<T> numbers)
        where T : INumberBase<T>
    {
        var values = new float[numbers.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = float.CreateTruncating(numbers[i]);
        }

        return values;
    }
}
