using SegBatch.Inference;
using SegBatch.Onnx;

namespace SegBatch.Quantization;

/// <summary>Refuses what the quantiser would spoil, with the reason.</summary>
internal static class QuantizableModel
{
    /// <summary>The first version of the standard operators that dequantises weights per channel.</summary>
    private const int LeastOpset = 13;

    /// <summary>The graph of a network that can be quantised, its nodes in order.</summary>
    /// <exception cref="ModelException">It cannot, and why.</exception>
    public static GraphBuilder Read(ModelCard card)
    {
        var model = OnnxFile.Read(card.File.Path);
        var opset = model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 0;
        var nested = model.Graph.Node.FirstOrDefault(node => node.Attribute.Any(attribute => attribute.G is not null));
        var problem =
            card.File.IsQuantized ? "it is quantised already. Give the file it was made from"
            : card.File.HasHalfWeights || card.Input.ElementType == "float16"
                ? "it computes in half precision. Give the export in single precision"
            : !card.Convention.IsPlain
                ? "its input is not R, G, B from 0 to 1: its frames cannot be kept as bytes, as calibration keeps them"
            : nested is not null ? $"its operator {nested.OpType} holds a graph of its own. Export it without loops and branches"
            : OnnxFile.HasExternalData(model) ? "some of its weights lie in other files. Save it as one file"
            : opset < LeastOpset ? $"it is written for opset {opset}. Export it with opset {LeastOpset} or newer"
            : null;
        if (problem is not null)
        {
            throw new ModelException(ModelException.Quantization, $"Model {card.File.Path} cannot be quantised: {problem}.");
        }

        var graph = new GraphBuilder(model);
        UpsampledConvolution.Merge(graph);
        TransposedConvolution.Replace(graph);
        graph.RemoveUnused();
        graph.Sort();
        return graph;
    }
}
