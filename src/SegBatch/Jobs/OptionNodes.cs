using YamlDotNet.RepresentationModel;

namespace SegBatch.Jobs;

/// <summary>Applies option keys and sections of a manifest to a draft.</summary>
internal static class OptionNodes
{
    /// <summary>Applies one key, or a section of keys, at the top of a manifest.</summary>
    /// <param name="others">What else may stand there, for "did you mean".</param>
    public static JobDraft Apply(ManifestText text, JobDraft draft, YamlScalarNode key, YamlNode value, IEnumerable<string> others) =>
        OptionKeys.Sections.Contains(key.Value)
            ? ApplySection(text, draft, key, value)
            : ApplyKey(text, draft, key, value, candidate => candidate.Section.Length == 0, [.. others, .. OptionKeys.Sections]);

    /// <summary>The same at a source, where the keys of every section may also stand flat; how the machine is used is not a source's affair.</summary>
    public static JobDraft ApplyAtSource(ManifestText text, JobDraft draft, YamlScalarNode key, YamlNode value)
    {
        var ofRun = OptionKeys.All.FirstOrDefault(option => option.Section == "run" && option.IsCalled(key.Value!));
        if (key.Value == "run" || ofRun is not null)
        {
            text.Problem(
                key,
                $"'{key.Value}' holds for the whole job{(ofRun is null ? "" : "; write it under 'run:'")}, not for one source"
            );
            return draft;
        }

        if (key.Value == "model")
        {
            text.Problem(key, "one model serves the whole job; the tracker's appearance model is 'reid_model'");
            return draft;
        }

        return OptionKeys.Sections.Contains(key.Value)
            ? ApplySection(text, draft, key, value)
            : ApplyKey(text, draft, key, value, candidate => candidate.Section != "run", ["path", .. OptionKeys.Sections]);
    }

    /// <summary>A tracker file before the keys that go over what it says, wherever they stand.</summary>
    public static IEnumerable<(YamlScalarNode Key, YamlNode Value)> TrackerFirst(IEnumerable<(YamlScalarNode Key, YamlNode Value)> pairs) =>
        pairs.OrderBy(pair =>
            pair.Key.Value switch
            {
                "tracker" => 0,
                "track" => 1,
                _ => 2,
            }
        );

    /// <summary>The parsed value of a node (null also stands for "auto"); not valid, and a problem, if it cannot be.</summary>
    public static (object? Value, bool IsValid) Value(ManifestText text, string name, OptionValue rule, YamlNode node)
    {
        var words = rule.Kind == OptionKind.Moment && Frame(node) is { } frame ? [$"frame {frame}"] : text.Words(node);
        if (words is null)
        {
            return (null, false);
        }

        var (value, problem) = rule.Parse(words);
        (value, problem) = problem is null ? rule.Resolve(value, text.Folder) : (null, problem);
        if (problem is not null)
        {
            text.Problem(node, $"{name}: {problem}");
        }

        return (value, problem is null);
    }

    private static JobDraft ApplySection(ManifestText text, JobDraft draft, YamlScalarNode section, YamlNode value)
    {
        if (value is YamlScalarNode { Value: null or "" })
        {
            return draft; // a section whose keys are all commented out
        }

        if (value is not YamlMappingNode mapping)
        {
            var example = OptionKeys.All.First(key => key.Section == section.Value);
            text.Problem(value, $"{section.Value}: expected keys and values, such as {{{example.Name}: …}}");
            return draft;
        }

        return TrackerFirst(text.Pairs(mapping))
            .Aggregate(draft, (current, pair) => ApplyKey(text, current, pair.Key, pair.Value, key => key.Section == section.Value, []));
    }

    private static JobDraft ApplyKey(
        ManifestText text,
        JobDraft draft,
        YamlScalarNode key,
        YamlNode value,
        Func<OptionKey, bool> belongs,
        IEnumerable<string> others
    )
    {
        if (OptionKeys.All.FirstOrDefault(option => belongs(option) && option.IsCalled(key.Value!)) is not { } found)
        {
            if (OptionKeys.All.FirstOrDefault(option => option.IsCalled(key.Value!)) is { } elsewhere)
            {
                var place = elsewhere.Section.Length == 0 ? "at the top of the manifest, or at a source" : $"under '{elsewhere.Section}:'";
                text.Problem(key, $"'{key.Value}' belongs {place}");
            }
            else
            {
                text.Unknown(key, [.. others, .. OptionKeys.All.Where(belongs).SelectMany(option => option.Aliases.Append(option.Name))]);
            }

            return draft;
        }

        if (TrackerFile.Names(found) && value is YamlScalarNode { Value: { Length: > 0 } word })
        {
            if (found.Value.IsFile(word))
            {
                return TrackerFile.Apply(text, draft, value, word);
            }

            TrackerFile.TellOfOther(text, value, word);
        }

        if (value is YamlMappingNode details && found.Details(OptionKeys.All).ToList() is { Count: > 0 } keys)
        {
            return text.Pairs(details)
                .Aggregate(found.Apply(draft, true), (current, pair) => ApplyDetail(text, current, found, keys, pair));
        }

        var (parsed, valid) = Value(text, found.Name, found.Value, value);
        return valid ? found.Apply(draft, parsed) : draft;
    }

    /// <summary>"max_gap" in the mapping of "offline" is "offline_max_gap".</summary>
    private static JobDraft ApplyDetail(
        ManifestText text,
        JobDraft draft,
        OptionKey flag,
        IReadOnlyList<OptionKey> keys,
        (YamlScalarNode Key, YamlNode Value) pair
    )
    {
        if (keys.FirstOrDefault(key => key.IsCalled($"{flag.Name}_{pair.Key.Value}")) is not { } found)
        {
            text.Unknown(pair.Key, keys.Select(key => key.Name[(flag.Name.Length + 1)..]));
            return draft;
        }

        var (parsed, valid) = Value(text, pair.Key.Value!, found.Value, pair.Value);
        return valid ? found.Apply(draft, parsed) : draft;
    }

    private static string? Frame(YamlNode node) =>
        node is YamlMappingNode { Children: [(YamlScalarNode { Value: "frame" }, YamlScalarNode { Value: { } frame })] } ? frame : null;
}
