using SegBatch.Inference;
using YamlDotNet.RepresentationModel;

namespace SegBatch.Jobs;

/// <summary>Reads a manifest into a <see cref="JobManifest"/>, or says everything that is wrong with it at once.</summary>
public static class ManifestReader
{
    private static readonly string[] RootKeys = ["name", "model", "output", "sources", "demo", "mode", "rules", .. OptionKeys.Sections];

    /// <param name="path">The manifest; relative paths in it are relative to its folder.</param>
    /// <param name="overrides">Options of the command line, applied last and to every source.</param>
    /// <exception cref="ManifestException">Anything is wrong; nothing was started.</exception>
    public static JobManifest Read(string path, Func<JobDraft, JobDraft>? overrides = null)
    {
        var full = Path.GetFullPath(path);
        var text = ManifestText.Load(full);
        var folder = Path.GetDirectoryName(full)!;
        var draft = new JobDraft(new SourceOptions(), new RunOptions());
        string? name = null;
        string? output = null;
        string? demo = null;
        ModelReference? model = null;
        YamlNode? sources = null;
        if (Choice(text, "mode", ["default", "reference"]) == "reference")
        {
            draft = draft with { Source = OptionKeys.Reference(draft.Source) };
        }

        foreach (var (key, value) in Pairs(text, text.Root))
        {
            switch (key.Value)
            {
                case "name":
                    name = Scalar(text, value, "a name");
                    break;
                case "output":
                    output = PathOf(text, value, folder);
                    break;
                case "demo":
                    demo = PathOf(text, value, folder);
                    break;
                case "model":
                    model = Model(text, value, folder);
                    break;
                case "sources":
                    sources = value;
                    break;
                case "mode":
                    break;
                case "rules":
                    if (value is not YamlSequenceNode { Children.Count: 0 })
                    {
                        text.Problem(value, "zones and lines are not supported by this version; leave rules empty");
                    }

                    break;
                default:
                    draft = Option(text, draft, key, value, section: "", RootKeys);
                    break;
            }
        }

        overrides ??= unchanged => unchanged;
        var specs = sources is null ? [] : Sources(text, sources, draft, overrides);
        Require(text, model, "model", "the ONNX file to run");
        Require(text, output, "output", "the folder for the results");
        if (specs.Count == 0)
        {
            text.Problem(sources ?? text.Root, "'sources' names no video: list files, folders or globs");
        }

        text.ThrowIfAny();
        return new JobManifest
        {
            Name = name ?? Path.GetFileNameWithoutExtension(full),
            Model = model!,
            Output = output!,
            Sources = specs,
            Run = overrides(draft).Run,
            DemoFolder = demo,
            BaseFolder = folder,
        };
    }

    private static List<SourceSpec> Sources(ManifestText text, YamlNode node, JobDraft draft, Func<JobDraft, JobDraft> overrides)
    {
        var found = new List<SourceSpec>();
        foreach (var item in node is YamlSequenceNode list ? list.Children : [node])
        {
            var own = draft;
            var pattern = (item as YamlScalarNode)?.Value;
            if (item is YamlMappingNode mapping)
            {
                foreach (var (key, value) in Pairs(text, mapping))
                {
                    if (key.Value == "path")
                    {
                        pattern = Scalar(text, value, "a path");
                    }
                    else
                    {
                        own = Option(text, own, key, value, section: "", ["path", .. OptionKeys.Sections], anySection: true);
                    }
                }
            }

            if (string.IsNullOrWhiteSpace(pattern))
            {
                text.Problem(item, "a source is a path, or a mapping with the key 'path'");
            }
            else if (SourceProblem(pattern) is { } problem)
            {
                text.Problem(item, problem);
            }
            else
            {
                var options = overrides(own).Source;
                if (options.Decoding is { Start: { } start, End: { } end } && start.Seconds >= end.Seconds | start.Frame >= end.Frame)
                {
                    text.Problem(item, "'start' is not before 'end'");
                }

                found.Add(
                    new SourceSpec
                    {
                        Pattern = pattern,
                        Options = options,
                        Location = text.Location(item),
                    }
                );
            }
        }

        return found;
    }

    /// <summary>Why a source cannot be named like this; null when it can. Only files are read: no protocol, no device.</summary>
    public static string? SourceProblem(string pattern)
    {
        var colon = pattern.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon > 1 && pattern[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.' or ',');
        var isProtocol =
            scheme
            && (
                pattern.AsSpan(colon).StartsWith("://")
                || pattern[..colon] is "concat" or "subfile" or "data" or "pipe" or "tee" or "lavfi" or "file" or "cache" or "crypto"
            );
        return pattern.Contains('\0', StringComparison.Ordinal) ? "a path cannot hold a NUL character"
            : isProtocol ? $"'{pattern[..colon]}:' is a protocol; sources are files and folders of this machine"
            : pattern.StartsWith('~') ? "'~' is not expanded here; write the path out"
            : null;
    }

    private static ModelReference? Model(ManifestText text, YamlNode node, string folder)
    {
        if (node is not YamlMappingNode mapping)
        {
            return PathOf(text, node, folder) is { } plain ? new ModelReference { Path = plain } : null;
        }

        string? path = null;
        string? sha256 = null;
        var overrides = new ModelOverrides();
        var size = new OptionKey("model", "imgsz", OptionKind.Size, "", (draft, _) => draft);
        foreach (var (key, value) in Pairs(text, mapping))
        {
            switch (key.Value)
            {
                case "path":
                    path = PathOf(text, value, folder);
                    break;
                case "sha256":
                    sha256 = Scalar(text, value, "64 hexadecimal digits")?.ToLowerInvariant();
                    break;
                case "names":
                    overrides = overrides with
                    {
                        Names = value is YamlMappingNode map ? [.. map.Children.Values.Select(n => n.ToString())] : Words(text, value),
                    };
                    break;
                case "imgsz":
                    if (Value(text, size, value) is ValueTuple<int, int> sides)
                    {
                        overrides = overrides with { ImgSz = sides };
                    }

                    break;
                case "stride":
                    overrides = overrides with
                    {
                        Stride = int.TryParse(Scalar(text, value, "a whole number"), out var stride) ? stride : null,
                    };
                    break;
                case "task":
                    overrides = overrides with { Task = Scalar(text, value, "a task") };
                    break;
                case "end2end":
                    overrides = overrides with
                    {
                        EndToEnd = bool.TryParse(Scalar(text, value, "true or false"), out var flag) ? flag : null,
                    };
                    break;
                default:
                    Unknown(text, key, ["path", "sha256", "names", "imgsz", "stride", "task", "end2end"]);
                    break;
            }
        }

        Require(text, path, "model.path", "the ONNX file to run");
        return path is null
            ? null
            : new ModelReference
            {
                Path = path,
                Sha256 = sha256,
                Overrides = overrides,
            };
    }

    /// <summary>Applies one key, or a whole section of keys. At a source, the keys of every section may stand flat.</summary>
    private static JobDraft Option(
        ManifestText text,
        JobDraft draft,
        YamlScalarNode key,
        YamlNode value,
        string section,
        IEnumerable<string> others,
        bool anySection = false
    )
    {
        if (section.Length == 0 && OptionKeys.Sections.Contains(key.Value) && value is YamlMappingNode inner)
        {
            return Pairs(text, inner).Aggregate(draft, (current, pair) => Option(text, current, pair.Key, pair.Value, key.Value!, []));
        }

        var found = OptionKeys.All.FirstOrDefault(option => (option.Section == section || anySection) && option.IsCalled(key.Value!));
        if (found is null)
        {
            Unknown(
                text,
                key,
                [.. others, .. OptionKeys.All.Where(option => option.Section == section || anySection).Select(option => option.Name)]
            );
            return draft;
        }

        return Value(text, found, value) is { } parsed ? found.Apply(draft, parsed) : draft;
    }

    private static object? Value(ManifestText text, OptionKey key, YamlNode node)
    {
        var words =
            key.Kind == OptionKind.Moment
            && node is YamlMappingNode { Children.Count: 1 } at
            && at.Children.First().Key.ToString() == "frame"
                ? [$"frame {at.Children.First().Value}"]
                : Words(text, node);
        var (value, problem) = words is null ? (null, null) : key.Parse(words);
        if (problem is not null)
        {
            text.Problem(node, $"{key.Name}: {problem}");
        }

        return value;
    }

    private static IReadOnlyList<string>? Words(ManifestText text, YamlNode node)
    {
        switch (node)
        {
            case YamlScalarNode scalar:
                return [scalar.Value ?? ""];
            case YamlSequenceNode list when list.Children.All(child => child is YamlScalarNode):
                return [.. list.Children.Select(child => ((YamlScalarNode)child).Value ?? "")];
            default:
                text.Problem(node, "expected a value or a list of values");
                return null;
        }
    }

    private static string? Choice(ManifestText text, string name, string[] choices)
    {
        if (!text.Root.Children.TryGetValue(new YamlScalarNode(name), out var node))
        {
            return null;
        }

        return Value(text, new OptionKey("", name, OptionKind.Choice, "", (draft, _) => draft) { Choices = choices }, node) as string;
    }

    private static IEnumerable<(YamlScalarNode Key, YamlNode Value)> Pairs(ManifestText text, YamlMappingNode mapping)
    {
        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode scalar && !string.IsNullOrEmpty(scalar.Value))
            {
                yield return (scalar, value);
            }
            else
            {
                text.Problem(key, "expected a key");
            }
        }
    }

    private static string? Scalar(ManifestText text, YamlNode node, string what)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } value })
        {
            return value;
        }

        text.Problem(node, $"expected {what}");
        return null;
    }

    private static string? PathOf(ManifestText text, YamlNode node, string folder) =>
        Scalar(text, node, "a path") is { } path ? Path.GetFullPath(Path.Combine(folder, path)) : null;

    private static void Unknown(ManifestText text, YamlScalarNode key, IReadOnlyList<string> known) =>
        text.Problem(key, $"unknown key '{key.Value}'.{Suggestion.For(key.Value!, known)}");

    private static void Require(ManifestText text, object? value, string key, string meaning)
    {
        if (value is null && !text.Problems.Any(problem => problem.Contains(key, StringComparison.Ordinal)))
        {
            text.Problem(text.Root, $"'{key}' is missing: {meaning}");
        }
    }
}
