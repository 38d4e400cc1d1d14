using System.Globalization;
using System.Text;

namespace SegBatch.Inference;

/// <summary>Reads one Python string literal: prefixes r and u, one or three quotes, every escape but \N{name}.</summary>
internal static class PythonString
{
    /// <param name="text">The whole text, for positions.</param>
    /// <param name="at">Where the literal begins; afterwards the character behind it.</param>
    /// <param name="value">Receives the string's characters.</param>
    /// <exception cref="FormatException">No string literal, or one that does not end.</exception>
    public static void Read(string text, ref int at, StringBuilder value)
    {
        var start = at;
        var raw = false;
        for (; at < text.Length && text[at] is not ('\'' or '"'); at++)
        {
            raw |= text[at] is 'r' or 'R';
            if (text[at] is not ('r' or 'R' or 'u' or 'U'))
            {
                throw Error(at, $"strings with the prefix '{text[at]}' are not read");
            }
        }

        var quote = text[at];
        var isTriple = text.AsSpan(at).StartsWith([quote, quote, quote]);
        at += isTriple ? 3 : 1;
        while (true)
        {
            if (at >= text.Length || (text[at] == '\n' && !isTriple))
            {
                throw Error(start, "the string that begins here has no closing quote");
            }

            var c = text[at++];
            if (c == quote && !isTriple)
            {
                return;
            }

            if (c == quote && text.AsSpan(at).StartsWith([quote, quote]))
            {
                at += 2;
                return;
            }

            if (c == '\\' && raw && at < text.Length)
            {
                value.Append(c).Append(text[at++]); // the backslash stays, yet the next quote does not end the string
            }
            else if (c == '\\')
            {
                Escape(text, ref at, value);
            }
            else
            {
                value.Append(c);
            }
        }
    }

    /// <summary>The table of escape sequences of section 2.4.1; an unknown one keeps its backslash.</summary>
    private static void Escape(string text, ref int at, StringBuilder value)
    {
        if (at >= text.Length)
        {
            throw Error(at, "the text ends inside an escape sequence");
        }

        var c = text[at++];
        switch (c)
        {
            case '\n':
                break;
            case '\\' or '\'' or '"':
                value.Append(c);
                break;
            case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v':
                value.Append("\a\b\f\n\r\t\v"["abfnrtv".IndexOf(c, StringComparison.Ordinal)]);
                break;
            case >= '0' and <= '7':
                var octal = c - '0';
                for (var digits = 1; digits < 3 && at < text.Length && text[at] is >= '0' and <= '7'; digits++)
                {
                    octal = octal * 8 + text[at++] - '0';
                }

                value.Append((char)octal);
                break;
            case 'x':
                value.Append((char)Hex(text, ref at, 2));
                break;
            case 'u':
                value.Append((char)Hex(text, ref at, 4)); // a lone surrogate is a character to Python, and to a string here
                break;
            case 'U':
                var code = Hex(text, ref at, 8);
                value.Append(Rune.IsValid(code) ? new Rune(code).ToString() : throw Error(at - 8, "not a Unicode character"));
                break;
            case 'N' when at < text.Length && text[at] == '{':
                throw Error(at - 2, "characters by name (\\N{…}) are not read");
            default:
                value.Append('\\').Append(c);
                break;
        }
    }

    private static int Hex(string text, ref int at, int digits)
    {
        if (
            at + digits > text.Length
            || !int.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
        )
        {
            throw Error(at, $"expected {digits} hexadecimal digits");
        }

        at += digits;
        return code;
    }

    private static FormatException Error(int at, string message) => new($"column {at + 1}: {message}");
}
