using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;
using SegBatch.Jobs;
using SegBatch.Tracking;

namespace SegBatch.Cli;

/// <summary>The text of <c>--help</c>: what a verb does and examples first, then its options, those that set keys of a manifest by section.</summary>
internal sealed class HelpText : SynchronousCommandLineAction
{
    private const string Program = "segbatch";
    private const int PipeWidth = 100;
    private const int MostWidth = 120;
    private const int MostLeft = 34;

    private static readonly (string Title, string[] Sections)[] Groups =
    [
        ("Reading", ["", "decode"]),
        ("Detection", ["detect"]),
        ("Tracking", ["track"]),
        ("Annotated videos", ["annotate"]),
        ("Machine", ["run"]),
    ];

    /// <summary>Whoever asks for help is not told what else is wrong.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var width = Console.IsOutputRedirected ? PipeWidth : Math.Clamp(Console.WindowWidth - 1, 60, MostWidth);
        parseResult.InvocationConfiguration.Output.Write(For(parseResult.CommandResult.Command, width));
        return (int)ExitCode.AllDone;
    }

    /// <summary>The whole text for a command.</summary>
    public static string For(Command command, int width)
    {
        var text = new StringBuilder();
        var verbs = command.Subcommands.Where(verb => !verb.Hidden).ToList();
        var arguments = command.Arguments.Where(argument => !argument.Hidden).ToList();
        var words = command is RootCommand ? [Program] : new List<string> { Program, command.Name };
        words.AddRange(arguments.Select(Name));
        words.Add(verbs.Count > 0 ? "VERB" : "[options]");
        text.Append("Usage: ").AppendJoin(' ', words).Append("\n\n").Append(command.Description).Append("\n\n");

        Table(text, "Verbs", verbs.Select(verb => (verb.Name, FirstSentence(verb.Description ?? ""))), width);
        Table(text, "Arguments", arguments.Select(argument => (argument.Name, argument.Description ?? "")), width);
        var options = command.Options.Concat(command is RootCommand ? [] : Inherited(command)).Where(option => !option.Hidden).ToList();
        Table(text, "Options", options.Where(option => Section(option) is null).Select(Row), width);
        if (options.Any(option => Section(option) is not null) && command.Name is not (RunCommand.Name or RetrackCommand.Name))
        {
            text.Append($"A job's options are options here too: {Program} {RunCommand.Name} --help\n\n");
        }
        else
        {
            foreach (var (title, sections) in Groups)
            {
                var rows = options
                    .Where(option => Section(option) is { } section && sections.Contains(section))
                    .ToLookup(option => option is OptionOfKey { Key: var key } && IsOfSomeTrackers(key));
                Table(text, title, rows[false].Select(Row), width);
                Table(text, $"{title}, single trackers", rows[true].Select(Row), width);
            }
        }

        if (verbs.Count > 0)
        {
            text.Append($"{Program} VERB --help says more about a verb.\n");
        }

        return text.ToString();

        // "--no-video" has no key of its own: it stands where "--video" stands.
        string? Section(Option option) =>
            (option as OptionOfKey ?? options.OfType<OptionOfKey>().FirstOrDefault(own => option.Name == $"--no-{own.Name[2..]}"))
                ?.Key
                .Section;
    }

    /// <summary>Its help begins with the names of the trackers that know it: "botsort, tracktrack: …".</summary>
    public static bool IsOfSomeTrackers(OptionKey key) =>
        key is { Section: "track", Help: var help }
        && help.IndexOf(": ", StringComparison.Ordinal) is > 0 and var end
        && help[..end].Split(", ").All(Trackers.Names.Contains);

    private static IEnumerable<Option> Inherited(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive);

    private static string Name(Argument argument)
    {
        var name = argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}…" : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static (string, string) Row(Option option)
    {
        var names = option
            .Aliases.Where(alias => alias.Length > 2 && alias.StartsWith("--", StringComparison.Ordinal) || alias is ['-', not '?'])
            .Prepend(option.Name);
        var shown = string.Join(", ", names.OrderBy(name => name.Length == 2 ? 0 : 1));
        return ($"{shown}{(option.HelpName is { } value ? $" {value}" : "")}", option.Description ?? "");
    }

    private static string FirstSentence(string text)
    {
        var words = text.Replace('\n', ' ');
        var end = words.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? words : words[..(end + 1)];
    }

    private static void Table(StringBuilder text, string title, IEnumerable<(string Left, string Right)> rows, int width)
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            return;
        }

        text.Append(title).Append(":\n");
        var left = Math.Min(MostLeft, all.Max(row => row.Left.Length));
        foreach (var row in all)
        {
            text.Append("  ").Append(row.Left.PadRight(left));
            var isFirst = row.Left.Length <= left;
            foreach (var line in Wrap(row.Right, width - left - 4))
            {
                text.Append(isFirst ? "  " : $"\n{new string(' ', left + 4)}").Append(line);
                isFirst = false;
            }

            text.Append('\n');
        }

        text.Append('\n');
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }
}
