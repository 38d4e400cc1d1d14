using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace SegBatch.Jobs;

/// <summary>The text of a manifest as YAML nodes, and its problems with their places.</summary>
internal sealed class ManifestText
{
    private const int MaxBytes = 4 << 20;
    private const int MaxDepth = 64;

    private readonly string _name;
    private readonly string[] _lines;
    private readonly List<string> _problems = [];

    private ManifestText(string name, string text)
    {
        _name = name;
        _lines = text.Split('\n');
    }

    public YamlMappingNode Root { get; private set; } = new();

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Parses a file. Size and depth are checked on the event stream before any tree is built: the tree builder recurses.</summary>
    /// <exception cref="ManifestException">It is no single YAML mapping.</exception>
    public static ManifestText Load(string path)
    {
        var name = Path.GetFileName(path);
        string text;
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new ManifestException([$"{name}: larger than {MaxBytes >> 20} MB; this is no manifest"]);
            }

            text = File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ManifestException([$"{path}: {error.Message}"]);
        }

        var manifest = new ManifestText(name, text);
        try
        {
            manifest.Guard(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count != 1)
            {
                manifest._problems.Add(
                    $"{name}: expected one YAML document, found {(stream.Documents.Count == 0 ? "an empty file" : $"{stream.Documents.Count}")}"
                );
            }
            else if (stream.Documents[0].RootNode is YamlMappingNode root)
            {
                manifest.Root = root;
            }
            else
            {
                manifest.Problem(stream.Documents[0].RootNode, "expected keys and values (model: …, sources: …)");
            }
        }
        catch (YamlException error)
        {
            manifest.Problem(error.Start, Plain(error));
        }

        manifest.ThrowIfAny();
        return manifest;
    }

    public string Location(YamlNode node) => $"{_name}:{node.Start.Line}:{node.Start.Column}";

    public void Problem(YamlNode node, string message) => Problem(node.Start, message);

    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new ManifestException(_problems);
        }
    }

    private void Problem(Mark mark, string message)
    {
        var line = mark.Line >= 1 && mark.Line <= _lines.Length ? _lines[(int)mark.Line - 1].TrimEnd('\r') : "";
        var snippet = line.Length is > 0 and <= 200 ? $"\n    {line.TrimEnd()}" : "";
        _problems.Add($"{_name}:{mark.Line}:{mark.Column}: {message}{snippet}");
    }

    private void Guard(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current switch
            {
                MappingStart or SequenceStart => 1,
                MappingEnd or SequenceEnd => -1,
                AnchorAlias => throw new YamlException(
                    parser.Current.Start,
                    parser.Current.End,
                    "aliases (*name) are not supported; write the value out"
                ),
                _ => 0,
            };
            if (depth > MaxDepth)
            {
                throw new YamlException(parser.Current!.Start, parser.Current.End, $"nested deeper than {MaxDepth} levels");
            }
        }
    }

    /// <summary>YamlDotNet puts its own position in front; ours is there already.</summary>
    private static string Plain(YamlException error)
    {
        var text = error.InnerException?.Message ?? error.Message;
        var end = text.StartsWith('(') ? text.IndexOf("): ", StringComparison.Ordinal) : -1;
        return end < 0 ? text : text[(end + 3)..];
    }
}
