using Microsoft.ML.OnnxRuntime;
using SegBatch.Onnx;

namespace SegBatch.Inference;

/// <summary>
/// Ends the graph of an anchor-free network at the convolutions of its head, so that softmax, sigmoid and box arithmetic need not
/// run for thousands of anchors of which tens matter. A head that does not fit in every respect is left as it is.
/// </summary>
internal static class HeadTrimmer
{
    /// <summary>Trims a network; null and a reason where it cannot be done.</summary>
    /// <param name="bytes">The trimmed network as <see cref="Bytes(ModelCard, TrimmedHead)"/> gives it.</param>
    /// <exception cref="ModelException">The file has become unreadable.</exception>
    public static TrimmedHead? Trim(ModelCard card, out byte[]? bytes, out string? reason)
    {
        (bytes, reason) = (null, null);
        try
        {
            var skeleton = ModelFile.ReadGraph(card.File.Path);
            var head = Find(card, skeleton);
            bytes = Bytes(skeleton, head);
            return head;
        }
        catch (HeadTrimException refusal)
        {
            reason = $"the head is not trimmed: {refusal.Message}";
        }
        catch (OnnxRuntimeException refusal)
        {
            reason = $"the head is not trimmed: its removed part does not run alone: {OnnxRuntimeLog.Reason(refusal)}";
        }

        return null;
    }

    /// <summary>
    /// The trimmed network as the bytes of an ONNX file. Made anew for every session: it is needed for tens of milliseconds, and would
    /// otherwise keep all weights in memory a second time.
    /// </summary>
    /// <exception cref="ModelException">The file has become unreadable.</exception>
    public static byte[] Bytes(ModelCard card, TrimmedHead head) => Bytes(ModelFile.ReadGraph(card.File.Path), head);

    private static byte[] Bytes(OnnxSkeleton skeleton, TrimmedHead head)
    {
        var graph = new GraphBuilder(skeleton.Model);
        graph.ClearOutputs();
        foreach (var (name, channels) in head.Outputs)
        {
            graph.Output(name, TensorProto.Types.DataType.Float, -1, channels, -1, -1);
        }

        graph.RemoveUnused();
        return skeleton.Assemble(skeleton.Model);
    }

    private static TrimmedHead Find(ModelCard card, OnnxSkeleton skeleton)
    {
        var model = skeleton.Model.Clone(); // the search for strides takes it apart
        var (predictions, prototypes) = Outputs(card);
        if (OnnxFile.HasExternalData(model))
        {
            throw new HeadTrimException("weights lie in files beside the model");
        }

        var graph = new GraphBuilder(model);
        var parts = new HeadSearch(graph).Find(predictions.Name);
        if (parts.Coefficients[0].Count != prototypes.Shape[1])
        {
            throw new HeadTrimException($"it has {parts.Coefficients[0].Count} coefficients for {prototypes.Shape[1]} prototypes");
        }

        var maps = parts.Box.Concat(parts.Scores).Concat(parts.Coefficients).Select(map => map.Map).Distinct().ToArray();
        var search = new HeadMaps(graph);
        (string Name, int Channels)[] outputs =
        [
            .. maps.Select(map => (map, search.Channels(map)!.Value)),
            (prototypes.Name, prototypes.Shape[1]),
        ];
        var strides = HeadProbe.Strides(graph, () => skeleton.Assemble(model), card, predictions.Name, parts, outputs[..^1]);
        return new TrimmedHead
        {
            Levels =
            [
                .. strides.Select((stride, i) => new HeadLevel(stride, At(parts.Box[i]), At(parts.Scores[i]), At(parts.Coefficients[i]))),
            ],
            Bins = parts.Box[0].Count / 4,
            Classes = parts.Scores[0].Count,
            Coefficients = parts.Coefficients[0].Count,
            Prototypes = maps.Length,
            Outputs = outputs,
        };

        LevelChannels At(MapChannels part) => new(Array.IndexOf(maps, part.Map), part.First);
    }

    private static (ModelTensor Predictions, ModelTensor Prototypes) Outputs(ModelCard card)
    {
        if (card.EndToEnd == true || card.HasNms)
        {
            throw new HeadTrimException("it gives final objects");
        }

        var outputs = card.Outputs switch
        {
            [{ Shape.Length: 3 } predictions, { Shape: [_, > 0, _, _] } prototypes] => (predictions, prototypes),
            [{ Shape: [_, > 0, _, _] } prototypes, { Shape.Length: 3 } predictions] => (predictions, prototypes),
            _ => throw new HeadTrimException("its outputs are not predictions and prototypes"),
        };
        if (card.Outputs.Any(output => output.ElementType != "float32") || card.Input.ElementType != "float32")
        {
            throw new HeadTrimException("it does not compute in single precision");
        }

        return outputs;
    }
}
