using SegBatch.Inference;

namespace SegBatch.Detection;

/// <summary>How a semantic network says which class each pixel has.</summary>
/// <param name="Channels">Scores [B, channels, h, w]; null for a finished class map [B, h, w] or [B, 1, h, w] of whole numbers.</param>
/// <param name="FirstClass">Channel (or number in the map) of class 0.</param>
/// <param name="Background">Channel (or number) that is no class and is left out; null: every pixel counts.</param>
/// <param name="Classes">Number of classes, where channels or names tell.</param>
/// <param name="Reason">Why this layout, in words for the log.</param>
public sealed record ClassMapLayout(int? Channels, int FirstClass, int? Background, int? Classes, string Reason)
{
    private const int MostChannels = 4096;

    private static readonly string[] BackgroundNames = ["background", "__background__", "_background_", "bg", "void", "unlabeled"];

    /// <summary>The layout of a network with one output that covers its input; null where the output is something else.</summary>
    /// <param name="outputs">The network's outputs; negative dimensions are open.</param>
    /// <param name="names">Class names by id; empty where nobody states them.</param>
    /// <param name="background">
    /// True: the first channel is background and class 0 comes behind it. False: there is none. Null leaves it to the names: as many
    /// as channels, the first one not called background: none; one less than channels, or no names: the first.
    /// </param>
    /// <exception cref="HeadLayoutException">The names do not fit the channels.</exception>
    public static ClassMapLayout? TryRecognise(IReadOnlyList<ModelTensor> outputs, IReadOnlyList<string> names, bool? background)
    {
        if (outputs is not [var output])
        {
            return null;
        }

        var isWhole = output.ElementType is "int64" or "int32" or "uint8" or "uint16" or "int16";
        if (isWhole && output.Shape is [_, _, _] or [_, 1, _, _])
        {
            return isWhole ? OfMap(output, names, background) : null;
        }

        return !isWhole && output.Shape is [_, > 1 and <= MostChannels and var channels, _, _]
            ? OfScores(output, channels, names, background)
            : null;
    }

    private static ClassMapLayout OfMap(ModelTensor output, IReadOnlyList<string> names, bool? background)
    {
        var isNamed = names.Count > 0 && IsBackground(names[0]);
        var first = isNamed || background == false ? 0 : 1;
        var left = isNamed || background != false ? 0 : (int?)null;
        return new(null, first, left, names.Count > 0 ? names.Count : null, $"{output}: class of each pixel{Words(left)}");
    }

    private static ClassMapLayout OfScores(ModelTensor output, int channels, IReadOnlyList<string> names, bool? background)
    {
        if (names.Count > 0 && names.Count != channels && names.Count != channels - 1)
        {
            throw new HeadLayoutException(
                $"the network gives {channels} channels {output}, so expected {channels} class names, or {channels - 1} where the first channel is "
                    + $"background, got {names.Count}: correct the names, or this is no semantic model"
            );
        }

        var isNamed = names.Count == channels && IsBackground(names[0]);
        var hasBackground = background ?? (isNamed || names.Count != channels);
        if (names.Count > 0 && !isNamed && hasBackground == (names.Count == channels))
        {
            throw new HeadLayoutException(
                $"the network gives {channels} channels {output} {(hasBackground ? "with" : "without")} background, so expected "
                    + $"{(hasBackground ? channels - 1 : channels)} class names, got {names.Count}: correct the names or 'background'"
            );
        }

        var first = hasBackground && !isNamed ? 1 : 0;
        var left = hasBackground ? 0 : (int?)null;
        return new(channels, first, left, channels - first, $"{output}: a score for each class and pixel{Words(left)}");
    }

    private static bool IsBackground(string name) => BackgroundNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string Words(int? background) => background is null ? ", no background" : ", background first";
}
