using System.Globalization;
using SegBatch.Decoding;

namespace SegBatch.Jobs;

/// <summary>What a value of a manifest or a command line option may be.</summary>
public enum OptionKind
{
    Flag,
    Integer,
    Number,
    Choice,
    Moment,
    Size,
    Names,
}

/// <summary>The options a key can change: those of a source, and those of the run.</summary>
public sealed record JobDraft(SourceOptions Source, RunOptions Run);

/// <summary>One key of a manifest, which is also one option of the command line.</summary>
/// <param name="Section">Mapping it stands in ("detect"); empty at the top.</param>
/// <param name="Name">As in the manifest; the command line writes dashes for underscores.</param>
/// <param name="Kind">What its value may be.</param>
/// <param name="Help">One line for people.</param>
/// <param name="Apply">Sets it. The value has the type of the kind: bool, long, double, string, Moment, (int Height, int Width), string[].</param>
public sealed record OptionKey(string Section, string Name, OptionKind Kind, string Help, Func<JobDraft, object, JobDraft> Apply)
{
    public double Min { get; init; } = double.NegativeInfinity;

    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>The words a choice may be.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Other names that mean the same, from habits with other tools.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public bool IsCalled(string name) => Matches(Name, name) || Aliases.Any(alias => Matches(alias, name));

    /// <summary>Reads the value from words: one for a scalar, any number for a list.</summary>
    /// <returns>The value, or why it cannot be.</returns>
    public (object? Value, string? Problem) Parse(IReadOnlyList<string> words)
    {
        if (Kind == OptionKind.Names)
        {
            return words.Count > 0 ? (words.ToArray(), null) : (null, "expected at least one name or id");
        }

        if (Kind == OptionKind.Size)
        {
            return ParseSize(words);
        }

        return words.Count == 1 ? ParseScalar(words[0]) : (null, $"expected {Expected()}, got a list");
    }

    /// <summary>What a value may be, in words.</summary>
    public string Expected() =>
        Kind switch
        {
            OptionKind.Flag => "true or false",
            OptionKind.Integer => $"a whole number{Range()}",
            OptionKind.Number => $"a number{Range()}",
            OptionKind.Choice => string.Join(", ", Choices),
            OptionKind.Moment => "seconds, HH:MM:SS, or {frame: N}",
            OptionKind.Size => "a number of pixels or [height, width]",
            _ => "a list of class names or ids",
        };

    private (object?, string?) ParseScalar(string word)
    {
        switch (Kind)
        {
            case OptionKind.Flag:
                return word.ToLowerInvariant() switch
                {
                    "true" => (true, null),
                    "false" => (false, null),
                    _ => Wrong(word),
                };
            case OptionKind.Integer:
                return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                    ? whole >= Min && whole <= Max
                        ? (whole, null)
                        : Wrong(word)
                    : Wrong(word);
            case OptionKind.Number:
                return
                    double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    && double.IsFinite(number)
                    && number >= Min
                    && number <= Max
                    ? (number, null)
                    : Wrong(word);
            case OptionKind.Moment:
                return ParseMoment(word) is { } moment ? (moment, null) : Wrong(word);
            default:
                var choice = word.ToLowerInvariant();
                if (Choices.Contains(choice))
                {
                    return (choice, null);
                }

                var (value, problem) = Wrong(word);
                return (value, problem + Suggestion.For(choice, Choices));
        }
    }

    private (object?, string?) ParseSize(IReadOnlyList<string> words)
    {
        var sides = new List<int>();
        foreach (var word in words)
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var side) || side < 1 || side > 16384)
            {
                return Wrong(word);
            }

            sides.Add(side);
        }

        return sides.Count switch
        {
            1 => ((Height: sides[0], Width: sides[0]), null),
            2 => ((Height: sides[0], Width: sides[1]), null),
            _ => (null, $"expected {Expected()}, got {words.Count} numbers"),
        };
    }

    /// <summary>"90", "1:30", "00:01:30.5" as seconds; "frame 2250" as a frame. Null for anything else.</summary>
    private static Moment? ParseMoment(string word)
    {
        if (word.StartsWith("frame ", StringComparison.Ordinal))
        {
            return long.TryParse(word.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var frame)
                ? Moment.AtFrame(frame)
                : null;
        }

        var seconds = 0.0;
        var parts = word.Split(':');
        foreach (var part in parts)
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            {
                return null;
            }

            seconds = (60 * seconds) + value;
        }

        return parts.Length <= 3 && double.IsFinite(seconds) ? Moment.AtSeconds(seconds) : null;
    }

    private (object?, string?) Wrong(string word) => (null, $"expected {Expected()}, got '{word}'");

    private string Range() =>
        (double.IsFinite(Min), double.IsFinite(Max)) switch
        {
            (true, true) => $" from {Min} to {Max}",
            (true, false) => $" of at least {Min}",
            _ => "",
        };

    private static bool Matches(string own, string given) =>
        own.Replace('_', '-').Equals(given.Replace('_', '-'), StringComparison.OrdinalIgnoreCase);
}
