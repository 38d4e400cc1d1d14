using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>How a semantic network says which class each pixel has.</summary>
/// <param name="Output">Which output says it.</param>
/// <param name="Channels">Scores [B, channels, h, w]; null for a finished class map [B, h, w] or [B, 1, h, w] of whole numbers.</param>
/// <param name="FirstClass">Channel (or number in the map) of class 0.</param>
/// <param name="Background">Channel (or number) that is no class and is left out; null: every pixel counts.</param>
/// <param name="Classes">Number of classes, where channels or names tell.</param>
public sealed record ClassMapLayout(int Output, int? Channels, int FirstClass, int? Background, int? Classes, string Reason)
    : HeadLayout(Classes, Reason)
{
    private const int MostChannels = 4096;

    /// <summary>One channel: the score above which a pixel is of the only class; null where channels compete.</summary>
    public float? Above { get; init; }

    private static readonly string[] BackgroundNames = ["background", "__background__", "_background_", "bg", "void", "unlabeled"];

    /// <summary>
    /// Fits a network with one output that covers its input (of out and aux the first counts, and of several that are alike and without names:
    /// the others are there for training). Where the job does not say whether there is a background, the names do: as many names as channels,
    /// the first one not called background: none; one name less than channels, or no names: the first channel.
    /// </summary>
    internal static LayoutMatch Match(ModelSignature signature)
    {
        const string expected = "expected one output: scores [batch, channels, height, width] or classes [batch, height, width]";
        var number =
            signature.Outputs.Count == 1 ? 0
            : signature.Outputs.Count == 2 && signature.Named("aux") >= 0 ? signature.Named("out")
            : AreAlike(signature.Outputs) ? 0
            : -1;
        if (number < 0)
        {
            return LayoutMatch.No($"{expected}, got {signature.Outputs.Count} outputs");
        }

        var output = signature.Outputs[number];
        if (output.Shape.Length == 4 && output.Name.Contains("embed", StringComparison.OrdinalIgnoreCase))
        {
            return LayoutMatch.No($"{expected}, got {output.Name} {output}, which is for a decoder ('refine')");
        }

        bool? background = signature.Labels switch
        {
            LabelNumbers.FromOne => true,
            LabelNumbers.FromZero => false,
            _ => null,
        };
        var isMap = output is { ElementType: "int64" or "int32" or "uint8", Shape: [_, _, _] or [_, 1, _, _] };
        return isMap ? LayoutMatch.Fits(OfMap(number, output, signature.Names, background))
            : output is { ElementType: "float32" or "float16", Shape: [_, 1, _, _] }
                ? OfOneChannel(number, output, signature.Names, signature.Scales.ElementAtOrDefault(number))
            : output is { ElementType: "float32" or "float16", Shape: [_, > 1 and <= MostChannels and var channels, _, _] }
                ? OfScores(number, output, channels, signature.Names, background)
            : LayoutMatch.No($"{expected}, got {output.Name} {output.ElementType} {output}");
    }

    private static ClassMapLayout OfMap(int number, ModelTensor output, IReadOnlyList<string> names, bool? background)
    {
        var isNamed = names.Count > 0 && IsBackground(names[0]);
        var first = isNamed || background == false ? 0 : 1;
        var left = isNamed || background != false ? 0 : (int?)null;
        return new(number, null, first, left, names.Count > 0 ? names.Count : null, $"{output}: class of each pixel{Words(left)}");
    }

    private static LayoutMatch OfScores(int number, ModelTensor output, int channels, IReadOnlyList<string> names, bool? background)
    {
        if (names.Count > 0 && names.Count != channels && names.Count != channels - 1)
        {
            return LayoutMatch.Near(
                $"the network gives {channels} channels {output}, so expected {channels} class names, or {channels - 1} where the first channel is "
                    + $"background, got {names.Count}: correct the names, or this is no semantic model"
            );
        }

        var isNamed = names.Count == channels && IsBackground(names[0]);
        var hasBackground = isNamed || (background ?? names.Count != channels);
        if (names.Count > 0 && !isNamed && hasBackground == (names.Count == channels))
        {
            return LayoutMatch.Near(
                $"the network gives {channels} channels {output} {(hasBackground ? "with" : "without")} background, so expected "
                    + $"{(hasBackground ? channels - 1 : channels)} class names, got {names.Count}: correct the names or 'labels'"
            );
        }

        var first = hasBackground && !isNamed ? 1 : 0;
        var left = hasBackground ? 0 : (int?)null;
        return LayoutMatch.Fits(
            new ClassMapLayout(number, channels, first, left, channels - first, $"{output}: a score for each class and pixel{Words(left)}")
        );
    }

    private static LayoutMatch OfOneChannel(int number, ModelTensor output, IReadOnlyList<string> names, ScoreScale scale)
    {
        var isNamed = names.Count == 2 && IsBackground(names[0]);
        if (names.Count > 1 && !isNamed)
        {
            return LayoutMatch.Near(
                $"the network gives one channel {output}, so expected one class name, got {names.Count}: correct the names"
            );
        }

        if (scale == ScoreScale.Unknown)
        {
            return LayoutMatch.Near(
                $"the network gives one channel of scores {output}, but what its graph ends with does not tell whether these are logits or probabilities: "
                    + "export it so that its last operator is Sigmoid"
            );
        }

        var above = scale == ScoreScale.Probabilities ? 0.5f : 0f;
        var what = scale == ScoreScale.Probabilities ? "a probability above 0.5" : "a logit above 0";
        return LayoutMatch.Fits(
            new ClassMapLayout(number, 1, isNamed ? 0 : 1, 0, isNamed ? 2 : 1, $"{output}: one class, where a pixel has {what}")
            {
                Above = above,
            }
        );
    }

    private static bool AreAlike(IReadOnlyList<ModelTensor> outputs) =>
        outputs.Count > 1
        && outputs.All(output =>
            !ModelSignature.HasWord(output) && output.Shape is [_, > 0, _, _] && output.Shape.SequenceEqual(outputs[0].Shape)
        );

    private static bool IsBackground(string name) => BackgroundNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string Words(int? background) => background is null ? ", no background" : ", background first";
}
