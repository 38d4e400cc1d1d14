using System.Globalization;

namespace SegBatch.Jobs;

/// <summary>Turns class names or ids, as people write them, into the model's ids.</summary>
public static class ClassFilter
{
    /// <summary>Null for null: all classes.</summary>
    /// <exception cref="JobException">A name the model does not have.</exception>
    public static IReadOnlyList<int>? Resolve(IReadOnlyList<string>? classes, IReadOnlyList<string> names)
    {
        if (classes is null)
        {
            return null;
        }

        var ids = new SortedSet<int>();
        foreach (var word in classes)
        {
            var id = IndexOf(names, word);
            if (id < 0 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < names.Count)
            {
                id = number;
            }

            if (id < 0)
            {
                var hint = Suggestion.For(word, names);
                var list =
                    names.Count <= 20
                        ? $" The model's classes: {string.Join(", ", names)}."
                        : $" 'segbatch model FILE' lists its {names.Count} classes.";
                throw new JobException(
                    JobFailure.Configuration,
                    $"classes: the model has no class '{word}'.{(hint.Length > 0 ? hint : list)}"
                );
            }

            ids.Add(id);
        }

        return [.. ids];
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
