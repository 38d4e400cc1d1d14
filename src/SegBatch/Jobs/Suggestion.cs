namespace SegBatch.Jobs;

/// <summary>"Did you mean": the nearest of the known words, if one is near enough to be a slip.</summary>
public static class Suggestion
{
    /// <returns>" Did you mean 'person'?" or an empty string.</returns>
    public static string For(string word, IEnumerable<string> known)
    {
        var best = known
            .Select(candidate => (candidate, distance: Distance(word, candidate)))
            .DefaultIfEmpty(("", int.MaxValue))
            .MinBy(pair => pair.Item2);
        return best.Item2 <= Math.Max(1, word.Length / 3) ? $" Did you mean '{best.Item1}'?" : "";
    }

    /// <summary>Edits (insert, delete, replace, swap of neighbours) that make one word of the other, casing ignored.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
