using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>The prototypes of one picture: nm maps, each row-major of <see cref="Size"/>.</summary>
internal readonly ref struct PrototypeTensor(ReadOnlySpan<float> values, FrameSize size)
{
    public ReadOnlySpan<float> Values { get; } = values;

    public FrameSize Size { get; } = size;

    /// <param name="coefficients">The number of prototypes that the head expects.</param>
    public static PrototypeTensor Of(in OutputTensor tensor, int coefficients, int batchIndex)
    {
        if (tensor.Shape is not [_, var maps, var height and > 0, var width and > 0] || maps != coefficients)
        {
            throw new HeadLayoutException(
                $"expected prototypes [batch, {coefficients}, height, width], got [{string.Join(", ", tensor.Shape)}]: "
                    + "the model's outputs changed"
            );
        }

        return new PrototypeTensor(tensor.Of(batchIndex), new FrameSize(width, height));
    }
}
