namespace SegBatch.Annotation;

/// <summary>
/// Words the label of an object: <c>#7 person 0.87</c>, shorter than the reference's <c>id:7 person 0.87</c>, hence hides less.
/// </summary>
internal sealed class LabelText(IReadOnlyList<string> classNames, bool showConf)
{
    private const int LongestName = 80; // characters

    private readonly char[] _text = new char[128];

    /// <summary>Valid until the next call.</summary>
    /// <param name="isSemantic">A class map has no scores.</param>
    public ReadOnlySpan<char> Of(in DrawnObject drawn, bool isSemantic)
    {
        var classId = drawn.Object.ClassId;
        var name = classId >= 0 && classId < classNames.Count ? classNames[classId] : "";
        name = name.Length > LongestName ? name[..LongestName] : name;
        var length = 0;
        if (drawn.TrackId is { } trackId && _text.AsSpan().TryWrite($"#{trackId} ", out var written))
        {
            length = written;
        }

        if (
            name.Length > 0
                ? _text.AsSpan(length).TryWrite($"{name}", out written)
                : _text.AsSpan(length).TryWrite($"class {classId}", out written)
        )
        {
            length += written;
        }

        if (showConf && !isSemantic && _text.AsSpan(length).TryWrite($" {drawn.Object.Score:0.00}", out written))
        {
            length += written;
        }

        return _text.AsSpan(0, length);
    }
}
