using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SegBatch.Jobs;

/// <summary>The text of a manifest, or of a file that it names, as YAML nodes, and its problems with their places.</summary>
internal sealed class ManifestText
{
    private const int LongestSnippet = 160;

    private readonly string _name;
    private readonly string[] _lines;
    private readonly List<(Mark Place, string Text)> _problems = [];
    private readonly List<string> _warnings = [];

    private ManifestText(string name, string text)
    {
        _name = name;
        _lines = text.Split('\n');
    }

    public YamlMappingNode Root { get; private set; } = new();

    /// <summary>What is odd without being wrong, with its place; each once.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Absolute path of the folder that paths in the text are relative to.</summary>
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(_name))!;

    /// <summary>Parses a file.</summary>
    /// <param name="path">As the user wrote it: messages begin with it.</param>
    /// <param name="kind">A manifest when left out.</param>
    /// <exception cref="ManifestException">It is no single YAML mapping.</exception>
    public static ManifestText Load(string path, TextKind? kind = null)
    {
        kind ??= TextKind.Manifest;
        var text = YamlFile.Read(path, kind);
        var manifest = new ManifestText(path, text);
        try
        {
            YamlGuard.Check(text, manifest.Problem);
            manifest.ThrowIfAny();
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            switch (stream.Documents)
            {
                case []:
                    throw new ManifestException([$"{path}: the {kind.Name} is empty; it needs at least {kind.Needs}"]);
                case [{ RootNode: YamlMappingNode root }]:
                    manifest.Root = root;
                    break;
                default:
                    manifest.Problem(stream.Documents[0].RootNode, $"expected keys and values ({kind.Example})");
                    break;
            }
        }
        catch (YamlException error)
        {
            manifest.SyntaxProblem(error);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            manifest.Problem(new Mark(0, 1, 1), $"this is no YAML: {error.Message}"); // the parser's own assertions
        }

        manifest.ThrowIfAny();
        return manifest;
    }

    /// <summary>A path beside this text, as its own messages begin: absolute only where one of the two is.</summary>
    public string Beside(string path) => Path.Combine(Path.GetDirectoryName(_name) ?? "", path);

    public void Warn(YamlNode node, string message) => Warn($"{Location(node)}: {PrintableText.Of(message)}");

    /// <summary>Takes over a warning that names its own place.</summary>
    public void Warn(string warning)
    {
        if (!_warnings.Contains(warning))
        {
            _warnings.Add(warning);
        }
    }

    /// <summary>Takes over problems that name their own places, in another file; a node here led to it.</summary>
    public void Problems(YamlNode node, IEnumerable<string> elsewhere) =>
        _problems.AddRange(
            elsewhere.Select(problem => (node.Start, problem)).Where(problem => !_problems.Exists(known => known.Text == problem.problem))
        );

    public string Location(YamlNode node) => $"{_name}:{node.Start.Line}:{node.Start.Column}";

    public void Problem(YamlNode node, string message) => Problem(node.Start, message);

    public void Problem(Mark mark, string message)
    {
        var line = mark.Line >= 1 && mark.Line <= _lines.Length ? _lines[(int)mark.Line - 1].TrimEnd() : "";
        var snippet = line.Length is > 0 and <= LongestSnippet ? $"\n    {PrintableText.Of(line)}" : "";
        _problems.Add((mark, $"{_name}:{mark.Line}:{mark.Column}: {PrintableText.Of(message)}{snippet}"));
    }

    /// <exception cref="ManifestException">There is a problem: all of them, in the order of their lines.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new ManifestException([.. _problems.OrderBy(problem => problem.Place.Index).Select(problem => problem.Text)]);
        }
    }

    /// <summary>The keys of a mapping; what is no plain word is a problem.</summary>
    public IEnumerable<(YamlScalarNode Key, YamlNode Value)> Pairs(YamlMappingNode mapping)
    {
        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value.Length: > 0 } scalar)
            {
                yield return (scalar, value);
            }
            else
            {
                Problem(key, "expected a key");
            }
        }
    }

    /// <summary>The text of a single value; null, and a problem, for anything else.</summary>
    public string? Scalar(YamlNode node, string what)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } value })
        {
            return value;
        }

        Problem(node, $"expected {what}, got {(node is YamlScalarNode ? "nothing" : Kind(node))}");
        return null;
    }

    /// <summary>A value, or a list of values, as words.</summary>
    public IReadOnlyList<string>? Words(YamlNode node)
    {
        switch (node)
        {
            case YamlScalarNode scalar:
                return [scalar.Value ?? ""];
            case YamlSequenceNode list when list.Children.All(child => child is YamlScalarNode):
                return [.. list.Children.Select(child => ((YamlScalarNode)child).Value ?? "")];
            default:
                Problem(node, $"expected a value or a list of values, got {Kind(node)}");
                return null;
        }
    }

    /// <summary>An absolute path, from one relative to a folder.</summary>
    public string? PathOf(YamlNode node, string folder)
    {
        if (Scalar(node, "a path") is not { } path)
        {
            return null;
        }

        if (SourcePattern.Problem(path) is { } problem)
        {
            Problem(node, problem);
            return null;
        }

        return Path.GetFullPath(Path.Combine(folder, path));
    }

    public void Unknown(YamlScalarNode key, IEnumerable<string> known) =>
        Problem(key, $"unknown key '{key.Value}'.{Suggestion.For(key.Value!, known)}");

    private static string Kind(YamlNode node) => node is YamlSequenceNode ? "a list" : "keys and values";

    /// <summary>A tab is told by its own line; anything else in the parser's words, without the position that stands in front of them.</summary>
    private void SyntaxProblem(YamlException error)
    {
        var words = error.Message;
        var end = words.StartsWith('(') ? words.IndexOf("): ", StringComparison.Ordinal) : -1;
        words = end < 0 ? words : words[(end + 3)..];
        var last = words.Contains("tab", StringComparison.Ordinal) ? _lines.Length : Math.Min(error.End.Line, _lines.Length);
        for (var line = error.Start.Line; line <= last; line++)
        {
            var text = _lines[(int)line - 1];
            var tab = text.IndexOf('\t', StringComparison.Ordinal);
            if (tab >= 0 && string.IsNullOrWhiteSpace(text[..tab]))
            {
                Problem(new Mark(error.Start.Index, line, tab + 1), "YAML is indented by spaces; there is a tab at the start of this line");
                return;
            }
        }

        Problem(error.Start, $"this is no YAML: {words}");
    }
}
