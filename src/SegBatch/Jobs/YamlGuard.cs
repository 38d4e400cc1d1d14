using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SegBatch.Jobs;

/// <summary>
/// Walks the events of a YAML text before any tree is built, because the tree builder recurses (deep nesting ends the process) and
/// stops at the first duplicate key.
/// </summary>
internal static class YamlGuard
{
    private const int MaxDepth = 64;

    /// <summary>Tells what no manifest may hold: deep nesting, aliases, a second document, keys given twice.</summary>
    /// <exception cref="YamlException">The text is no YAML.</exception>
    public static void Check(string text, Action<Mark, string> problem)
    {
        var parser = new Parser(new StringReader(text));
        var open = new Stack<Container>();
        var documents = 0;
        while (Advance(parser, open))
        {
            var at = parser.Current!;
            switch (at)
            {
                case DocumentStart when ++documents > 1:
                    problem(at.Start, "a second document starts here ('---'); a manifest is one document");
                    return;
                case MappingStart or SequenceStart when open.Count == MaxDepth:
                    problem(at.Start, $"nested deeper than {MaxDepth} levels");
                    return;
                case MappingStart or SequenceStart:
                    open.Push(new Container(at is MappingStart, at));
                    break;
                case MappingEnd when open.Peek() is { ExpectsKey: false }:
                    problem(at.Start, "a key has no value; is a bracket or quote out of place?");
                    return;
                case MappingEnd or SequenceEnd:
                    open.Pop();
                    Next(open, null);
                    break;
                case AnchorAlias alias:
                    problem(at.Start, $"aliases (*{alias.Value}) are not supported; write the value out");
                    Next(open, null);
                    break;
                case Scalar scalar when Next(open, scalar) is { } first:
                    problem(at.Start, $"the key '{scalar.Value}' stands here a second time (first in line {first})");
                    break;
            }
        }
    }

    private static bool Advance(Parser parser, Stack<Container> open)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (InvalidOperationException error)
        {
            // The scanner's own assertion fails where a plain word runs over a line inside brackets: "[a.mp4" without its end.
            var at = open.TryPeek(out var container) ? container.Start : parser.Current;
            const string Message = "what begins here cannot be understood; is a closing bracket or quote missing?";
            throw new YamlException(at?.Start ?? Mark.Empty, at?.End ?? Mark.Empty, Message, error);
        }
    }

    /// <summary>Counts a node of the innermost mapping as key or value; tells the line where the same key stood before.</summary>
    private static long? Next(Stack<Container> open, Scalar? scalar)
    {
        if (!open.TryPeek(out var container) || container.Keys is null)
        {
            return null;
        }

        var isKey = container.ExpectsKey;
        container.ExpectsKey = !isKey;
        return !isKey || scalar is null || container.Keys.TryAdd(scalar.Value, scalar.Start.Line) ? null : container.Keys[scalar.Value];
    }

    private sealed class Container(bool isMapping, ParsingEvent start)
    {
        public ParsingEvent Start { get; } = start;

        /// <summary>Lines of the keys so far; null for a list.</summary>
        public Dictionary<string, long>? Keys { get; } = isMapping ? new(StringComparer.Ordinal) : null;

        public bool ExpectsKey { get; set; } = true;
    }
}
