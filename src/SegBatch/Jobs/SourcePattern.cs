using System.Text.RegularExpressions;

namespace SegBatch.Jobs;

/// <summary>What a path of a job may look like, and how a glob matches.</summary>
internal static class SourcePattern
{
    private static readonly string[] Protocols = ["concat", "subfile", "data", "pipe", "tee", "lavfi", "file", "cache", "crypto"];

    /// <summary>Why no path can be written like this; null when it can. Only files of this machine are read: no protocol, no device.</summary>
    public static string? Problem(string path)
    {
        var colon = path.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon > 0 && path[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.') ? path[..colon] : "";
        var isProtocol = scheme.Length > 1 && (path.AsSpan(colon).StartsWith("://") || Protocols.Contains(scheme.ToLowerInvariant()));
        return path.Contains('\0', StringComparison.Ordinal) ? "a path cannot hold a NUL character"
            : isProtocol || path.StartsWith("subfile,", StringComparison.OrdinalIgnoreCase)
                ? $"'{(isProtocol ? scheme : "subfile")}:' is a protocol; only files and folders of this machine are read"
            : path.Length > 2 && scheme.Length == 1 && path[2] is '\\' or '/' && !OperatingSystem.IsWindows()
                ? $"'{path}' is a Windows path; write the path as this machine knows it"
            : path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? "'~' is not expanded here; write the path out"
            : path.StartsWith("$HOME", StringComparison.Ordinal) || path.StartsWith("${", StringComparison.Ordinal)
                ? "variables are not expanded here; write the path out"
            : path == "-" ? "standard input cannot be read; name a file"
            : null;
    }

    public static bool HasWildcard(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>The folder of an absolute pattern before its first wildcard.</summary>
    public static string FixedFolder(string pattern)
    {
        var wild = pattern.AsSpan().IndexOfAny('*', '?');
        return Path.GetDirectoryName(wild < 0 ? pattern : pattern[..(wild + 1)]) ?? "/";
    }

    /// <summary>How many folders below the fixed one a pattern can reach.</summary>
    public static int Depth(string pattern) =>
        pattern.Contains("**", StringComparison.Ordinal)
            ? int.MaxValue
            : pattern.AsSpan(FixedFolder(pattern).TrimEnd('/').Length + 1).Count('/');

    /// <summary><c>**/</c> is any number of folders, <c>*</c> any part of a name, <c>?</c> one character; all else is itself.</summary>
    public static Regex Matcher(string pattern)
    {
        var regex = Regex
            .Escape(pattern)
            .Replace(@"\*\*/", "(?:[^/]+/)*", StringComparison.Ordinal)
            .Replace(@"\*\*", ".*", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            .Replace(@"\?", "[^/]", StringComparison.Ordinal);
        return new Regex($@"\A{regex}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
    }
}
