using Microsoft.ML.OnnxRuntime;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Onnx;

namespace SegBatch.Refining;

/// <summary>The prompt decoder of a pair of networks, shared by all videos. Any number of frames may be open at once.</summary>
internal sealed class MaskDecoder : IDisposable
{
    /// <exception cref="ModelException">ONNX Runtime refuses the file on the device.</exception>
    public MaskDecoder(ModelCard card, DecoderLayout layout, SessionOptions settings)
    {
        (Card, Layout) = (card, layout);
        OutputNames = [layout.Quality, layout.Masks];
        InputNames =
        [
            .. layout.Embeddings.OfType<string>(),
            DecoderLayout.Points,
            DecoderLayout.Labels,
            .. new[] { layout.MaskInput, layout.HasMaskInput, layout.OriginalSize }.OfType<ModelTensor>().Select(input => input.Name),
        ];
        try
        {
            var edited = WithoutOthers(card, OutputNames);
            Session = edited is null ? new InferenceSession(card.File.Path, settings) : new InferenceSession(edited, settings);
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelException(
                ModelException.Refused,
                $"Prompt decoder {card.File.Path} cannot be prepared: {OnnxRuntimeLog.Reason(error)}. Try another device.",
                error
            );
        }
    }

    public ModelCard Card { get; }

    public DecoderLayout Layout { get; }

    /// <summary>Makes masks of logits.</summary>
    public GridMasks Masks { get; } = new(threshold: 0f);

    internal InferenceSession Session { get; }

    /// <summary>Embeddings, points, labels, and what else the decoder takes.</summary>
    internal IReadOnlyList<string> InputNames { get; }

    /// <summary>Quality, then logits.</summary>
    internal IReadOnlyList<string> OutputNames { get; }

    /// <summary>Takes what the encoder says of one frame.</summary>
    /// <param name="embeddings">The encoder's outputs; what is the frame's is copied.</param>
    /// <param name="batchIndex">Which picture of a batch the frame is.</param>
    /// <param name="letterbox">How the frame lies in the encoder's input.</param>
    public FrameDecoder Open(IReadOnlyList<OutputTensor> embeddings, int batchIndex, in LetterboxTransform letterbox) =>
        new(this, embeddings, batchIndex, letterbox);

    public void Dispose() => Session.Dispose();

    /// <summary>
    /// The decoder without what is not read: masks at the frame's size cost more than all the rest. Null where it has nothing else or
    /// cannot be edited.
    /// </summary>
    private static byte[]? WithoutOthers(ModelCard card, IReadOnlyList<string> outputs)
    {
        if (card.Outputs.Count == outputs.Count)
        {
            return null;
        }

        var model = OnnxFile.Read(card.File.Path);
        if (OnnxFile.HasExternalData(model))
        {
            return null;
        }

        var graph = new GraphBuilder(model);
        graph.ClearOutputs();
        foreach (var output in outputs)
        {
            graph.OutputOfAnyShape(output);
        }

        graph.RemoveUnused();
        return graph.ToBytes();
    }
}
