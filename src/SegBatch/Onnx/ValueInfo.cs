namespace SegBatch.Onnx;

/// <summary>What a graph says of its inputs and outputs.</summary>
internal static class ValueInfo
{
    /// <summary>A tensor; negative dimensions are open.</summary>
    public static ValueInfoProto Of(string name, TensorProto.Types.DataType type, ReadOnlySpan<long> dimensions)
    {
        var info = OfAnyShape(name, type);
        var shape = info.Type.TensorType.Shape = new TensorShapeProto();
        for (var axis = 0; axis < dimensions.Length; axis++)
        {
            shape.Dim.Add(
                dimensions[axis] < 0
                    ? new TensorShapeProto.Types.Dimension { DimParam = $"{name}_{axis}" }
                    : new TensorShapeProto.Types.Dimension { DimValue = dimensions[axis] }
            );
        }

        return info;
    }

    /// <summary>A tensor of which not even the number of axes is said.</summary>
    public static ValueInfoProto OfAnyShape(string name, TensorProto.Types.DataType type) =>
        new()
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } },
        };
}
