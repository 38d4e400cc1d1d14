using System.Globalization;
using SegBatch.Geometry;
using SegBatch.Refining;
using YamlDotNet.RepresentationModel;

namespace SegBatch.Jobs;

/// <summary>Reads <c>refine</c>: <c>{encoder: …, decoder: …, prompts: [{point: [x, y]}, {box: [x1, y1, x2, y2], name: …}]}</c>.</summary>
internal static class RefineNode
{
    private static readonly string[] s_keys = ["encoder", "decoder", "prompts"];
    private static readonly string[] s_promptKeys = ["point", "box", "name"];

    public static RefineReference? Read(ManifestText text, YamlNode node, string folder)
    {
        if (node is not YamlMappingNode mapping)
        {
            text.Problem(node, "refine: expected {encoder: FILE, decoder: FILE}");
            return null;
        }

        string? encoder = null;
        string? decoder = null;
        var prompts = new List<NamedPrompt>();
        foreach (var (key, value) in text.Pairs(mapping))
        {
            switch (key.Value)
            {
                case "encoder":
                    encoder = text.PathOf(value, folder);
                    break;
                case "decoder":
                    decoder = text.PathOf(value, folder);
                    break;
                case "prompts":
                    Prompts(text, value, prompts);
                    break;
                default:
                    text.Unknown(key, s_keys);
                    break;
            }
        }

        foreach (var key in s_keys[..2].Where(key => !mapping.Children.ContainsKey(new YamlScalarNode(key))))
        {
            text.Problem(
                node,
                $"refine: '{key}' is missing: the ONNX file of the {(key == "encoder" ? "image encoder" : "prompt decoder")}"
            );
        }

        return encoder is null || decoder is null
            ? null
            : new RefineReference
            {
                Encoder = encoder,
                Decoder = decoder,
                Prompts = prompts,
            };
    }

    private static void Prompts(ManifestText text, YamlNode node, List<NamedPrompt> prompts)
    {
        if (node is not YamlSequenceNode list)
        {
            text.Problem(node, "prompts: expected a list of {point: [x, y]} and {box: [x1, y1, x2, y2]}");
            return;
        }

        foreach (var item in list.Children)
        {
            if (item is not YamlMappingNode mapping)
            {
                text.Problem(item, "a prompt is {point: [x, y]} or {box: [x1, y1, x2, y2]}, with a name if you like");
                continue;
            }

            if (Prompt(text, mapping, $"prompt{prompts.Count + 1}") is { } prompt)
            {
                prompts.Add(prompt);
            }
        }
    }

    private static NamedPrompt? Prompt(ManifestText text, YamlMappingNode mapping, string name)
    {
        float[]? point = null;
        float[]? box = null;
        foreach (var (key, value) in text.Pairs(mapping))
        {
            switch (key.Value)
            {
                case "point":
                    point = Numbers(text, value, "point", "[x, y]", 2);
                    break;
                case "box":
                    box = Numbers(text, value, "box", "[x1, y1, x2, y2]", 4);
                    break;
                case "name":
                    name = text.Scalar(value, "a name") ?? name;
                    break;
                default:
                    text.Unknown(key, s_promptKeys);
                    break;
            }
        }

        if (!mapping.Children.ContainsKey(new YamlScalarNode("point")) && !mapping.Children.ContainsKey(new YamlScalarNode("box")))
        {
            text.Problem(mapping, "a prompt needs a point or a box");
        }

        if (box is [var x1, var y1, var x2, var y2] && (x1 >= x2 || y1 >= y2))
        {
            text.Problem(mapping, "box: expected [x1, y1, x2, y2] with x1 < x2 and y1 < y2");
        }

        return point is null && box is null
            ? null
            : new NamedPrompt(name, new Prompt(point?[0], point?[1], box is null ? null : new Box(box[0], box[1], box[2], box[3])));
    }

    /// <summary>Pixels of a frame; null, and a problem, for anything else.</summary>
    private static float[]? Numbers(ManifestText text, YamlNode node, string key, string shape, int count)
    {
        var numbers = new List<float>();
        foreach (var child in node is YamlSequenceNode list ? list.Children : [])
        {
            if (
                child is YamlScalarNode { Value: { } word }
                && float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number is >= 0 and <= 1_000_000
            )
            {
                numbers.Add(number);
            }
        }

        if (numbers.Count == count && node is YamlSequenceNode { Children.Count: var all } && all == count)
        {
            return [.. numbers];
        }

        text.Problem(node, $"{key}: expected {shape} in frame pixels");
        return null;
    }
}
