using YamlDotNet.RepresentationModel;

namespace SegBatch.Jobs;

/// <summary>
/// Reads a tracker file of Ultralytics (<c>tracker_type</c> and the tracker's keys, flat): its values become tracking options, over which
/// the keys that stand beside its name go. A key that no tracker here has is left out with a warning.
/// </summary>
public static class TrackerFile
{
    private const string TypeKey = "tracker_type";
    private const string Ending = ".yaml";

    /// <summary>Keys that mean nothing where Deep OC-SORT goes by boxes.</summary>
    private static readonly string[] WithoutMeaning = ["alpha_fixed_emb"];

    private static readonly IReadOnlyList<OptionKey> Keys = [.. OptionKeys.All.Where(key => key.Section == "track" && !Names(key))];

    private static OptionKey Tracker => OptionKeys.All.First(Names);

    /// <summary>Whether it is the key whose value may be a tracker file.</summary>
    public static bool Names(OptionKey key) => key is { Section: "track", Name: "tracker" };

    /// <summary>The tracker that a bare name ("botsort.yaml") stands for, as with Ultralytics; null for the name of a file.</summary>
    public static string? BuiltIn(string word) =>
        word.EndsWith(Ending, StringComparison.OrdinalIgnoreCase)
        && word[..^Ending.Length].ToLowerInvariant() is not "none" and var name
        && Tracking.Trackers.Names.Contains(name)
            ? name
            : null;

    /// <summary>Reads a file.</summary>
    /// <param name="path">As messages name it.</param>
    /// <param name="warnings">Receives a line for each key that is left out.</param>
    /// <returns>What it changes in a draft.</returns>
    /// <exception cref="ManifestException">It cannot be read, or a value cannot be: everything that is wrong, with line and column.</exception>
    public static Func<JobDraft, JobDraft> Read(string path, ICollection<string> warnings)
    {
        var text = ManifestText.Load(path, TextKind.TrackerFile);
        var changes = new List<Func<JobDraft, JobDraft>>();
        var hasType = false;
        foreach (var (key, value) in text.Pairs(text.Root))
        {
            hasType |= key.Value == TypeKey;
            if (WithoutMeaning.Contains(key.Value))
            {
                continue;
            }

            if ((key.Value == TypeKey ? Tracker : Keys.FirstOrDefault(known => known.IsCalled(key.Value!))) is not { } found)
            {
                string[] known = [TypeKey, .. Keys.SelectMany(option => option.Aliases.Prepend(option.Name))];
                text.Warn(key, $"'{key.Value}' is no key of a tracker here, and is left out.{Suggestion.For(key.Value!, known)}");
            }
            else if (OptionNodes.Value(text, key.Value!, found.Value with { FileEndings = Endings(found) }, value) is (var parsed, true))
            {
                changes.Add(draft => found.Apply(draft, parsed));
            }
        }

        if (!hasType)
        {
            text.Problem(text.Root, $"'{TypeKey}' is missing: {string.Join(", ", Tracking.Trackers.Names)}");
        }

        text.ThrowIfAny();
        foreach (var warning in text.Warnings)
        {
            warnings.Add(warning);
        }

        return draft => changes.Aggregate(draft, (current, change) => change(current));
    }

    /// <summary>Applies the file that a node of a manifest names, relative to the manifest; what is wrong with it is a problem there.</summary>
    internal static JobDraft Apply(ManifestText text, JobDraft draft, YamlNode node, string word)
    {
        if (text.PathOf(node, text.Folder) is null)
        {
            return draft;
        }

        try
        {
            var warnings = new List<string>();
            draft = Read(text.Beside(word), warnings)(draft);
            warnings.ForEach(text.Warn);
        }
        catch (ManifestException error)
        {
            text.Problems(node, error.Problems);
        }

        return draft;
    }

    /// <summary>A bare name means the tracker also where a file of that name lies beside the manifest: that is said.</summary>
    internal static void TellOfOther(ManifestText text, YamlNode node, string word)
    {
        if (BuiltIn(word) is { } name && File.Exists(Path.Combine(text.Folder, word)))
        {
            text.Warn(node, $"'{word}' means the tracker {name} with its defaults; write './{word}' for the file beside the manifest");
        }
    }

    /// <summary>A file names its tracker, and no other file.</summary>
    private static IReadOnlyList<string> Endings(OptionKey key) => Names(key) ? [] : key.Value.FileEndings;
}
