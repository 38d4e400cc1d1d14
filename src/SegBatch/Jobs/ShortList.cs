namespace SegBatch.Jobs;

/// <summary>The first reasons of many, for a message that people read.</summary>
internal static class ShortList
{
    private const int Most = 12;

    /// <summary>A line for each, indented, and how many more there are.</summary>
    public static string Of(IEnumerable<string> reasons)
    {
        var lines = reasons.Select(reason => $"  {reason}").ToList();
        return string.Join('\n', lines.Count <= Most ? lines : [.. lines.Take(Most), $"  and {lines.Count - Most} more"]);
    }
}
