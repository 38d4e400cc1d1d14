namespace SegBatch.Detection;

/// <summary>The network's outputs are no segmentation layout that is understood; the message says what was expected and what was got.</summary>
/// <param name="found">What was got, and what it probably is.</param>
/// <param name="layouts">Everything that would have been understood, in words; null where the message is about one layout.</param>
public sealed class HeadLayoutException(string found, string? layouts = null)
    : Exception(layouts is null ? found : $"{found}. Expected one of: {layouts}")
{
    /// <summary>The message without the list of layouts, for where that is shown beside it.</summary>
    public string Found { get; } = found;
}
