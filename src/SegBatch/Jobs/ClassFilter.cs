using System.Globalization;

namespace SegBatch.Jobs;

/// <summary>Turns class names or ids, as people write them, into the model's ids.</summary>
public static class ClassFilter
{
    /// <summary>Null for null: all classes.</summary>
    /// <exception cref="JobException">Names or ids that the model does not have: all of them.</exception>
    public static IReadOnlyList<int>? Resolve(IReadOnlyList<string>? classes, IReadOnlyList<string> names)
    {
        if (classes is null)
        {
            return null;
        }

        var ids = new SortedSet<int>();
        var unknown = new List<string>();
        foreach (var word in classes)
        {
            var id = IndexOf(names, word);
            if (id < 0 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                // A model whose names nobody states has ids all the same; the head refuses those beyond its channels.
                id = number < names.Count || names.Count == 0 ? number : -1;
            }

            if (id < 0)
            {
                unknown.Add(Unknown(word, names));
            }
            else
            {
                ids.Add(id);
            }
        }

        return unknown.Count == 0 ? [.. ids] : throw new JobException(JobFailure.Configuration, string.Join('\n', unknown));
    }

    private static string Unknown(string word, IReadOnlyList<string> names)
    {
        var hint = Suggestion.For(word, names);
        var list =
            names.Count == 0 ? " The file states no class names: use ids, or state them (model: {path: …, names: […]})."
            : names.Count <= 20 ? $" The model's classes: {string.Join(", ", names)}."
            : $" 'segbatch model FILE' lists its {names.Count} classes.";
        return PrintableText.Of($"classes: the model has no class '{word}'.{(hint.Length > 0 ? hint : list)}");
    }

    private static int IndexOf(IReadOnlyList<string> names, string word)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], word, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
