using System.Globalization;
using System.Numerics;
using System.Text;

namespace SegBatch.Inference;

/// <summary>
/// Reads one Python literal, as <c>str()</c> of a dict, list, tuple, str, int, float, bool or None writes it: the form of the
/// metadata in exported models. Grammar: The Python Language Reference, sections 2.4 (literals) and 6.2 (displays).
/// Values become <see cref="PythonDict"/>, <c>List&lt;object?&gt;</c> (lists and tuples), string, long,
/// <see cref="BigInteger"/> (beyond 64 bits), double, bool or null.
/// </summary>
public sealed class PythonLiteral
{
    private const int MaxDepth = 100;
    private readonly string _text;
    private int _at;
    private int _depth;

    private PythonLiteral(string text) => _text = text;

    /// <exception cref="FormatException">Not a single literal; the message says where (column from 1) and what was expected.</exception>
    public static object? Parse(string text)
    {
        var reader = new PythonLiteral(text);
        reader.SkipSpace();
        var value = reader.Value();
        reader.SkipSpace();
        return reader._at == text.Length ? value : throw reader.Error("expected the end");
    }

    private char Current => _at < _text.Length ? _text[_at] : '\0';

    private object? Value()
    {
        if (++_depth > MaxDepth)
        {
            throw Error($"nested deeper than {MaxDepth}");
        }

        object? value = Current switch
        {
            '{' => Dict(),
            '[' => Sequence('[', ']'),
            '(' => Sequence('(', ')'),
            '\'' or '"' => Strings(),
            '+' or '-' or '.' or (>= '0' and <= '9') => Number(),
            _ => Word(),
        };
        _depth--;
        return value;
    }

    private PythonDict Dict()
    {
        _at++;
        var dict = new PythonDict();
        while (!Ends('}'))
        {
            var keyAt = _at;
            var key = Value();
            if (key is PythonDict or List<object?>)
            {
                _at = keyAt;
                throw Error("expected a string or number as key");
            }

            SkipSpace();
            Expect(':');
            SkipSpace();
            dict.Add(key, Value());
            Separator('}');
        }

        return dict;
    }

    private object? Sequence(char open, char close)
    {
        _at++;
        var items = new List<object?>();
        var commas = 0;
        while (!Ends(close))
        {
            items.Add(Value());
            commas += Separator(close) ? 1 : 0;
        }

        return open == '(' && items.Count == 1 && commas == 0 ? items[0] : items; // (x) is x, (x,) a tuple
    }

    private bool Ends(char close)
    {
        SkipSpace();
        if (Current != close)
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>Steps over a comma; without one the closing bracket must follow.</summary>
    private bool Separator(char close)
    {
        SkipSpace();
        if (Current == ',')
        {
            _at++;
            return true;
        }

        return Current == close ? false : throw Error($"expected ',' or '{close}'");
    }

    private object? Word()
    {
        var start = _at;
        while (char.IsLetterOrDigit(Current) || Current == '_')
        {
            _at++;
        }

        var word = _text[start.._at];
        switch (word)
        {
            case "True":
                return true;
            case "False":
                return false;
            case "None":
                return null;
        }

        if (Current is '\'' or '"' && word.Length is 1 or 2)
        {
            _at = start;
            return Strings();
        }

        _at = start;
        throw Error("expected a value (dict, list, tuple, string, number, True, False or None)");
    }

    /// <summary>One string, or several with nothing but space between them, which Python joins.</summary>
    private string Strings()
    {
        var text = new StringBuilder();
        do
        {
            PythonString.Read(_text, ref _at, text);
            SkipSpace();
        } while (Current is '\'' or '"');
        return text.ToString();
    }

    private object Number()
    {
        var start = _at;
        if (Current is '+' or '-')
        {
            _at++;
        }

        while (char.IsAsciiLetterOrDigit(Current) || Current is '.' or '_' || (Current is '+' or '-' && _text[_at - 1] is 'e' or 'E'))
        {
            _at++;
        }

        var number = _text[start.._at].Replace("_", "", StringComparison.Ordinal);
        const NumberStyles Float = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (BigInteger.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole >= long.MinValue && whole <= long.MaxValue ? (object)(long)whole : whole;
        }

        if (number.Any(char.IsAsciiDigit) && double.TryParse(number, Float, CultureInfo.InvariantCulture, out var real))
        {
            return real;
        }

        _at = start;
        throw Error("expected a decimal number");
    }

    private void Expect(char expected)
    {
        if (Current != expected)
        {
            throw Error($"expected '{expected}'");
        }

        _at++;
    }

    private void SkipSpace()
    {
        while (Current is ' ' or '\t' or '\r' or '\n' or '\f')
        {
            _at++;
        }
    }

    private FormatException Error(string expected)
    {
        var found = _at < _text.Length ? $"found '{_text[_at]}'" : "found the end";
        return new FormatException($"column {_at + 1}: {expected}, {found}");
    }
}

/// <summary>A Python dict: keys (string, long, double, bool or null) in the order written; a repeated key keeps its last value.</summary>
public sealed class PythonDict
{
    private static readonly object s_none = new();
    private readonly List<KeyValuePair<object?, object?>> _items = [];
    private readonly Dictionary<object, int> _index = [];

    public IReadOnlyList<KeyValuePair<object?, object?>> Items => _items;

    /// <summary>The value of a string key; false when there is none.</summary>
    public bool TryGet(string key, out object? value)
    {
        var found = _index.TryGetValue(key, out var at);
        value = found ? _items[at].Value : null;
        return found;
    }

    internal void Add(object? key, object? value)
    {
        if (_index.TryAdd(key ?? s_none, _items.Count))
        {
            _items.Add(new(key, value));
        }
        else
        {
            _items[_index[key ?? s_none]] = new(key, value);
        }
    }
}
