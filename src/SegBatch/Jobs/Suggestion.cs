namespace SegBatch.Jobs;

/// <summary>"Did you mean": the nearest of the known words, if one is near enough to be a slip.</summary>
public static class Suggestion
{
    private const int LongestWord = 100;

    /// <returns>" Did you mean 'person'?" or an empty string.</returns>
    public static string For(string word, IEnumerable<string> known)
    {
        var (best, least) = ("", int.MaxValue);
        var limit = Math.Max(1, word.Length / 3);
        foreach (var candidate in word.Length <= LongestWord ? known : [])
        {
            // A word that goes on, or stops early ("confidence" for "conf"), is as near as one slip.
            var distance =
                Math.Min(word.Length, candidate.Length) >= 3 && (Continues(word, candidate) || Continues(candidate, word)) ? 1
                : Math.Abs(candidate.Length - word.Length) > limit ? int.MaxValue
                : Distance(word, candidate);
            if (distance < least)
            {
                (best, least) = (candidate, distance);
            }
        }

        return least <= limit && least < word.Length ? $" Did you mean '{best}'?" : "";
    }

    private static bool Continues(string longer, string start) => longer.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    /// <summary>Edits (insert, delete, replace, swap of neighbours) that make one word of the other, casing ignored.</summary>
    private static int Distance(string a, string b)
    {
        (a, b) = (a.ToLowerInvariant(), b.ToLowerInvariant());
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

                var same = a[i - 1] == b[j - 1] ? 0 : 1;
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
