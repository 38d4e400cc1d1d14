namespace SegBatch.Inference;

/// <summary>One output of a run: row-major single precision values (half outputs are widened) with their shape. Memory is borrowed.</summary>
public readonly record struct OutputTensor(ReadOnlyMemory<float> Values, int[] Shape)
{
    /// <summary>The values of one picture: everything behind axis 0.</summary>
    public ReadOnlySpan<float> Of(int batchIndex)
    {
        var length = Shape[0] == 0 ? 0 : Values.Length / Shape[0];
        return Values.Span.Slice(batchIndex * length, length);
    }
}
