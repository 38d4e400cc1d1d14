using SegBatch.Inference;

namespace SegBatch.Refining;

/// <summary>Which inputs and outputs of a prompt decoder mean what, and that they fit an encoder.</summary>
/// <param name="Embeddings">Name of the decoder's input for each output of the encoder, in the encoder's order; null: the decoder does without.</param>
/// <param name="MaskInput">The mask of an earlier call, [1, 1, h, w]; null where the decoder takes none.</param>
/// <param name="HasMaskInput">Whether there is one; null where the decoder takes none.</param>
/// <param name="OriginalSize">Height and width of the frame; null where the decoder does not ask.</param>
/// <param name="Masks">Output with the logits.</param>
/// <param name="IsLowResolution">The logits lie over the encoder's whole input, not over the frame.</param>
/// <param name="Quality">Output with one number for each mask.</param>
internal sealed record DecoderLayout(
    IReadOnlyList<string?> Embeddings,
    ModelTensor? MaskInput,
    ModelTensor? HasMaskInput,
    ModelTensor? OriginalSize,
    string Masks,
    bool IsLowResolution,
    string Quality
)
{
    public const string Points = "point_coords";
    public const string Labels = "point_labels";
    private const string LowResolution = "low_res_masks";
    private const string Iou = "iou_predictions";
    private const string Mask = "mask_input";
    private const string HasMask = "has_mask_input";
    private const string Size = "orig_im_size";

    /// <exception cref="ModelException">It is no prompt decoder, or not this encoder's.</exception>
    public static DecoderLayout Of(ModelCard encoder, ModelCard decoder)
    {
        if (encoder.Inputs.Any(input => input.Name == Points))
        {
            throw Wrong($"{encoder.File.Path} takes prompts, so it is the decoder: name the image encoder as 'encoder'");
        }

        var inputs = decoder.Inputs.ToDictionary(input => input.Name);
        var outputs = decoder.Outputs.ToDictionary(output => output.Name);
        var isDecoder =
            inputs.ContainsKey(Points) && inputs.ContainsKey(Labels) && outputs.ContainsKey(Iou) && MasksOf(outputs) is not null;
        if (!isDecoder)
        {
            throw Wrong(
                $"{decoder.File.Path} is no prompt decoder: expected inputs {Points}, {Labels} and image embeddings, outputs masks and {Iou}, got "
                    + $"inputs {Names(decoder.Inputs)} and outputs {Names(decoder.Outputs)}"
            );
        }

        if (decoder.Inputs.FirstOrDefault(input => input.Name != Size && input.ElementType != "float32") is { } other)
        {
            throw Wrong($"{decoder.File.Path} takes {other.Name} of {other.ElementType}, expected float32: export it in single precision");
        }

        // A decoder that is not told the frame's size cannot give masks of that size.
        var masks = MasksOf(outputs)!;
        var isLow = masks.Name == LowResolution || !inputs.ContainsKey(Size);
        return new(
            Match(encoder, decoder),
            inputs.GetValueOrDefault(Mask),
            inputs.GetValueOrDefault(HasMask),
            inputs.GetValueOrDefault(Size),
            masks.Name,
            isLow,
            Iou
        );
    }

    /// <summary>The small logits where the decoder gives them: the large ones are those, enlarged.</summary>
    private static ModelTensor? MasksOf(Dictionary<string, ModelTensor> outputs) =>
        outputs.GetValueOrDefault(LowResolution) ?? outputs.GetValueOrDefault("masks");

    /// <summary>By name; a single embedding by its shape, because its name varies (image_embeddings, image_embed, embeddings).</summary>
    private static List<string?> Match(ModelCard encoder, ModelCard decoder)
    {
        string[] own = [Points, Labels, Mask, HasMask, Size];
        var wanted = decoder.Inputs.Where(input => !own.Contains(input.Name)).ToList();
        var matched = encoder
            .Outputs.Select(output =>
                wanted.FirstOrDefault(input => input.Name == output.Name)
                ?? (
                    wanted.Count == 1 && encoder.Outputs.Count(other => Fits(other, wanted[0])) == 1 && Fits(output, wanted[0])
                        ? wanted[0]
                        : null
                )
            )
            .ToList();
        var missing = wanted.Where(input => !matched.Contains(input)).ToList();
        var misfits = matched.Zip(encoder.Outputs).Where(pair => pair.First is { } input && !Fits(pair.Second, input)).ToList();
        if (missing.Count > 0 || misfits.Count > 0)
        {
            throw Wrong(
                $"{encoder.File.Path} and {decoder.File.Path} are no pair: the decoder takes {Words(wanted)}, the encoder gives "
                    + $"{Words(encoder.Outputs)}. Use the two files of one export"
            );
        }

        return [.. matched.Select(input => input?.Name)];
    }

    private static bool Fits(ModelTensor given, ModelTensor wanted) =>
        given.Shape.Length == wanted.Shape.Length
        && given.Shape.Zip(wanted.Shape).All(sides => sides.First == sides.Second || sides.First < 0 || sides.Second < 0);

    private static string Words(IEnumerable<ModelTensor> tensors) => string.Join(", ", tensors.Select(tensor => $"{tensor.Name} {tensor}"));

    private static string Names(IEnumerable<ModelTensor> tensors) => string.Join(", ", tensors.Select(tensor => tensor.Name));

    private static ModelException Wrong(string why) => new(ModelException.Pair, $"refine: {why}.");
}
