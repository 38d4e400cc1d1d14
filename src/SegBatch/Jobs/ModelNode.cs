using System.Globalization;
using SegBatch.Detection;
using SegBatch.Inference;
using YamlDotNet.RepresentationModel;

namespace SegBatch.Jobs;

/// <summary>Reads <c>model</c>: a path, or a path with what the job knows better than the file.</summary>
internal static class ModelNode
{
    public static readonly string[] Keys = ["path", "sha256", "names", "imgsz", "stride", "task", "end2end", .. ModelInputNode.Keys];

    private const int MaxClassId = 99_999;
    private static readonly OptionValue Stride = OptionValue.Integer(1, 1024);

    public static ModelReference? Read(ManifestText text, YamlNode node, string folder)
    {
        if (node is not YamlMappingNode mapping)
        {
            return text.PathOf(node, folder) is { } plain ? new ModelReference { Path = plain } : null;
        }

        string? path = null;
        string? sha256 = null;
        var known = new ModelOverrides();
        foreach (var (key, value) in text.Pairs(mapping))
        {
            switch (key.Value)
            {
                case "path":
                    path = text.PathOf(value, folder);
                    break;
                case "sha256":
                    sha256 = Sha256(text, value);
                    break;
                case "names":
                    known = known with { Names = Names(text, value) };
                    break;
                case "imgsz":
                    known = known with { ImgSz = OptionNodes.Value(text, "imgsz", OptionValue.Size, value).Value as (int, int)? };
                    break;
                case "stride":
                    known = known with { Stride = (int?)(OptionNodes.Value(text, "stride", Stride, value).Value as long?) };
                    break;
                case "task":
                    known = known with { Task = text.Scalar(value, "a task, such as segment") };
                    break;
                case "end2end":
                    known = known with { EndToEnd = OptionNodes.Value(text, "end2end", OptionValue.Flag, value).Value as bool? };
                    break;
                case { } input when ModelInputNode.Keys.Contains(input):
                    known = ModelInputNode.Read(text, known, input, value);
                    break;
                default:
                    text.Unknown(key, Keys);
                    break;
            }
        }

        if (!mapping.Children.ContainsKey(new YamlScalarNode("path")))
        {
            text.Problem(node, "'path' is missing: the ONNX file to run");
        }

        return path is null
            ? null
            : new ModelReference
            {
                Path = path,
                Sha256 = sha256,
                Overrides = known,
            };
    }

    private static string? Sha256(ManifestText text, YamlNode node)
    {
        var hash = (node as YamlScalarNode)?.Value?.Trim().ToLowerInvariant() ?? "";
        if (hash.Length == 64 && hash.All(char.IsAsciiHexDigit))
        {
            return hash;
        }

        text.Problem(node, $"sha256: expected 64 hexadecimal digits, got {hash.Length} characters");
        return null;
    }

    /// <summary>A list of names from class 0 on, {id: name}, or "coco80"; ids in between that have no name become "class7".</summary>
    private static IReadOnlyList<string>? Names(ManifestText text, YamlNode node)
    {
        if (node is YamlScalarNode { Value: "coco80" })
        {
            return CocoClasses.Names;
        }

        if (node is not YamlMappingNode mapping)
        {
            return node is YamlSequenceNode { Children.Count: > 0 } ? text.Words(node) : Wrong(node);
        }

        var names = new SortedDictionary<int, string>();
        foreach (var (key, value) in text.Pairs(mapping))
        {
            if (int.TryParse(key.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= MaxClassId)
            {
                names[id] = text.Scalar(value, "a class name") ?? "";
            }
            else
            {
                text.Problem(key, $"names: expected a class id from 0 to {MaxClassId}, got '{key.Value}'");
            }
        }

        return names.Count == 0
            ? null
            : [.. Enumerable.Range(0, names.Last().Key + 1).Select(id => names.GetValueOrDefault(id, $"class{id}"))];

        IReadOnlyList<string>? Wrong(YamlNode wrong)
        {
            text.Problem(wrong, "names: expected a list of class names, {id: name}, or coco80");
            return null;
        }
    }
}
