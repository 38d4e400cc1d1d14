using System.Globalization;
using System.Text;

namespace SegBatch.Jobs;

/// <summary>Text from outside (names, manifests) for one line of a terminal or a log: control characters are written out.</summary>
public static class PrintableText
{
    /// <summary>"a\nb" becomes <c>a\nb</c> with a visible backslash; other control characters become <c>\u001b</c>.</summary>
    public static string Of(string text)
    {
        if (!text.Any(IsHidden))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => shown.Append("\\n"),
                '\r' => shown.Append("\\r"),
                '\t' => shown.Append("\\t"),
                _ when IsHidden(c) => shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => shown.Append(c),
            };
        }

        return shown.ToString();
    }

    /// <summary>Controls, line separators, and the marks that turn the direction of text around.</summary>
    private static bool IsHidden(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
