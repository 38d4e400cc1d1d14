namespace SegBatch.Detection;

/// <summary>Where a two-stage network was exported: outputs are alike, inputs and labels are not.</summary>
internal enum RegionSource
{
    Torchvision,
    Detectron2,
    ModelZoo,
}

/// <summary>Tells them apart by the names of outputs and the size of masks.</summary>
internal static class RegionSources
{
    /// <summary>Sides of masks over boxes are at most this; larger fixed ones are pasted into the input.</summary>
    private const int MostOfBox = 112;

    /// <param name="masks">Number of the output that holds the masks.</param>
    /// <returns>Null where nothing tells.</returns>
    public static RegionSource? Of(ModelSignature signature, int masks)
    {
        if (signature.Named("pred_boxes") >= 0 || signature.Only(output => output.Shape is [2]) >= 0)
        {
            return RegionSource.Detectron2;
        }

        if (signature.Named("boxes") >= 0 && signature.Named("labels") >= 0)
        {
            return RegionSource.Torchvision;
        }

        if (signature.Outputs.Any(ModelSignature.HasWord))
        {
            return null;
        }

        // torchvision pastes its masks; the model zoo's stay over the box, and its input has no batch axis.
        var isOverBox = signature.Outputs[masks].Shape is [.., > 0 and <= MostOfBox, > 0 and <= MostOfBox];
        return isOverBox ? (signature.Input is { Shape.Length: 3 } ? RegionSource.ModelZoo : null) : RegionSource.Torchvision;
    }

    public static string Why(RegionSource source) =>
        source switch
        {
            RegionSource.Detectron2 => "names as in Detectron2 (pred_boxes, pred_classes), or image_size beside them",
            RegionSource.ModelZoo => "names that are only numbers, masks over the box, no batch axis: as in the ONNX model zoo",
            _ => "names as in torchvision (boxes, labels, scores, masks), or masks over the whole input",
        };
}
