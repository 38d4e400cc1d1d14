using System.Globalization;
using SegBatch.Decoding;

namespace SegBatch.Jobs;

/// <summary>Kinds of values. A parsed value is a bool, long, double, string, <see cref="Moment"/>, (int Height, int Width) or string[]. A file is a path as it was written: <see cref="OptionValue.Resolve"/> makes it absolute.</summary>
public enum OptionKind
{
    Flag,
    Integer,
    Number,
    Choice,
    Moment,
    Size,
    Names,
    File,
}

/// <summary>What the value of a key may be, and how words become it: a manifest and the command line go by the same rule.</summary>
public sealed record OptionValue(OptionKind Kind)
{
    public const int MaxSide = 16_384;

    public double Min { get; init; } = double.NegativeInfinity;

    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>The words a choice may be; ":N" at the end of one stands for any number.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The word "auto" is taken too. It parses to null: choose for me.</summary>
    public bool TakesAuto { get; init; }

    /// <summary>Brings a word that people know from other tools into ours.</summary>
    public Func<string, string> Habit { get; init; } = word => word;

    /// <summary>Endings (".onnx") of the files that a <see cref="OptionKind.File"/> may be, or that may stand for a choice.</summary>
    public IReadOnlyList<string> FileEndings { get; init; } = [];

    /// <summary>A sentence for whoever gives a wrong value.</summary>
    public string Hint { get; init; } = "";

    public static OptionValue Flag { get; } = new(OptionKind.Flag);

    public static OptionValue Moment { get; } = new(OptionKind.Moment);

    public static OptionValue Size { get; } = new(OptionKind.Size);

    public static OptionValue Names { get; } = new(OptionKind.Names);

    public static OptionValue Integer(long min, long max) => new(OptionKind.Integer) { Min = min, Max = max };

    public static OptionValue Number(double min, double max) => new(OptionKind.Number) { Min = min, Max = max };

    public static OptionValue Choice(params string[] choices) => new(OptionKind.Choice) { Choices = choices };

    public static OptionValue File(params string[] endings) => new(OptionKind.File) { FileEndings = endings };

    public OptionValue OrAuto() => this with { TakesAuto = true };

    /// <summary>Reads the value from words: one for a scalar, any number for a list.</summary>
    /// <returns>The value (null for "auto"), or why it cannot be.</returns>
    public (object? Value, string? Problem) Parse(IReadOnlyList<string> words)
    {
        if (words is [var only])
        {
            return TakesAuto && only.Equals("auto", StringComparison.OrdinalIgnoreCase) ? (null, null) : ParseWord(only);
        }

        return Kind switch
        {
            OptionKind.Names when words.Count > 0 => (words.ToArray(), null),
            OptionKind.Size when words is [var height, var width] => ParseSize(height, width),
            OptionKind.Names or OptionKind.Size => (null, $"expected {Expected()}, got {words.Count} values"),
            _ => (null, $"expected {Expected()}, got a list"),
        };
    }

    /// <summary>Whether a word is the name of a file, in place of a word of its own meaning.</summary>
    public bool IsFile(string word) =>
        FileEndings.Any(ending => word.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        && (Kind != OptionKind.Choice || ParseChoice(word) is null);

    /// <summary>Makes the path of a parsed file absolute; leaves every other value as it is.</summary>
    /// <returns>The value, or why it cannot be.</returns>
    public (object? Value, string? Problem) Resolve(object? value, string folder) =>
        Kind != OptionKind.File || value is not string path ? (value, null)
        : SourcePattern.Problem(path) is { } problem ? (null, problem)
        : (Path.GetFullPath(Path.Combine(folder, path)), null);

    /// <summary>What a value may be, in words.</summary>
    public string Expected()
    {
        var what = Kind switch
        {
            OptionKind.Flag => "true or false",
            OptionKind.Integer => $"a whole number{Range()}",
            OptionKind.Number => $"a number{Range()}",
            OptionKind.Choice => $"{string.Join(", ", Choices)}{(FileEndings.Count > 0 ? $", or a file ({FileEndings[0]})" : "")}",
            OptionKind.File => $"a file ({string.Join(", ", FileEndings)})",
            OptionKind.Moment => "seconds, HH:MM:SS, or {frame: N}",
            OptionKind.Size => "a number of pixels or [height, width]",
            _ => "a list of class names or ids",
        };
        return TakesAuto && !Choices.Contains("auto") ? $"{what}, or auto" : what;
    }

    private (object?, string?) ParseWord(string word)
    {
        object? value = Kind switch
        {
            OptionKind.Flag => word.ToLowerInvariant() switch
            {
                "true" => true,
                "false" => false,
                _ => null,
            },
            OptionKind.Integer => ParseInteger(word),
            OptionKind.Number => ParseNumber(word),
            OptionKind.Moment => ParseMoment(word),
            OptionKind.Size => ParseSide(word) is { } side ? (Height: side, Width: side) : null,
            OptionKind.Names => string.IsNullOrWhiteSpace(word) ? null : new[] { word },
            OptionKind.File => IsFile(word) ? word : null,
            _ => ParseChoice(word),
        };
        return value is null ? Wrong(word) : (value, null);
    }

    private long? ParseInteger(string word) =>
        long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && whole >= Min && whole <= Max
            ? whole
            : null;

    /// <summary>NaN, infinities and what overflows to them are no numbers here.</summary>
    private double? ParseNumber(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
        && number >= Min
        && number <= Max
            ? number
            : null;

    private string? ParseChoice(string word)
    {
        var choice = Habit(word.Trim().ToLowerInvariant());
        return Choices.FirstOrDefault(known => Fits(known, choice)) is { } fitting
            ? fitting.EndsWith(":N", StringComparison.Ordinal)
                ? choice
                : fitting
            : null;
    }

    private static bool Fits(string known, string word) =>
        known.EndsWith(":N", StringComparison.Ordinal)
            ? word.StartsWith(known[..^1], StringComparison.Ordinal)
                && word.Length > known.Length - 1
                && word.Length <= known.Length + 1
                && word[(known.Length - 1)..].All(char.IsAsciiDigit)
            : known.Equals(word, StringComparison.OrdinalIgnoreCase);

    private (object?, string?) ParseSize(string height, string width)
    {
        var (h, w) = (ParseSide(height), ParseSide(width));
        return h is null ? Wrong(height)
            : w is null ? Wrong(width)
            : ((h.Value, w.Value), null);
    }

    private static int? ParseSide(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side is >= 1 and <= MaxSide ? side : null;

    /// <summary>"90", "1:30", "00:01:30.5" as seconds; "frame 2250" as a frame. Null for anything else.</summary>
    private static Moment? ParseMoment(string word)
    {
        if (word.StartsWith("frame ", StringComparison.Ordinal))
        {
            return long.TryParse(word.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var frame)
                ? Decoding.Moment.AtFrame(frame)
                : null;
        }

        var parts = word.Split(':');
        var seconds = 0.0;
        for (var i = 0; i < parts.Length; i++)
        {
            if (
                !double.TryParse(parts[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                || (i > 0 && value >= 60)
                || (i < parts.Length - 1 && !double.IsInteger(value))
            )
            {
                return null;
            }

            seconds = (60 * seconds) + value;
        }

        return parts.Length <= 3 && double.IsFinite(seconds) ? Decoding.Moment.AtSeconds(seconds) : null;
    }

    private (object?, string?) Wrong(string word)
    {
        var near = Kind == OptionKind.Choice ? Suggestion.For(word.ToLowerInvariant(), Choices) : "";
        var hint = Hint.Length > 0 ? $" {Hint}" : "";
        var got = word.Length == 0 ? "nothing" : $"'{(word.Length > 60 ? word[..60] + "…" : word)}'";
        return (null, $"expected {Expected()}, got {got}.{near}{hint}");
    }

    private string Range() =>
        (double.IsFinite(Min), double.IsFinite(Max)) switch
        {
            (true, true) => string.Create(CultureInfo.InvariantCulture, $" from {Min} to {Max}"),
            (true, false) => string.Create(CultureInfo.InvariantCulture, $" of at least {Min}"),
            _ => "",
        };
}
