using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using SegBatch.Decoding;
using SegBatch.Demo;
using SegBatch.Inference;
using SegBatch.Jobs;

namespace SegBatch.Cli;

/// <summary>The one place that words errors for people and chooses the exit code.</summary>
internal static class ErrorText
{
    /// <summary>
    /// Words that look like options and are none. The parser would take one for the manifest's path, or for one more source, and
    /// the slip would surface as a file that does not exist.
    /// </summary>
    public static IReadOnlyList<string> UnknownOptions(ParseResult parsed) =>
        [
            .. parsed
                .Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
                .Where(token => token.Type == TokenType.Argument && LooksLikeOption(token.Value))
                .Select(token => token.Value),
        ];

    /// <summary>"--confi" and "-v"; negative numbers and "-", which some tools read as standard input, are none.</summary>
    private static bool LooksLikeOption(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) || word is ['-', var letter] && char.IsAsciiLetter(letter);

    /// <summary>What an error of the parser means; arguments that are missing by their names.</summary>
    private static string Describe(ParseError error) =>
        error.SymbolResult is ArgumentResult { Tokens.Count: 0, Argument: { Name.Length: > 0 } argument }
            ? $"{argument.Name} is missing: {argument.Description}"
            : error.Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal);

    /// <summary>Whether a word is empty: mostly a shell's variable that is not set, where a path was meant.</summary>
    public static bool HasEmptyWord(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type == TokenType.Argument && string.IsNullOrWhiteSpace(token.Value));

    /// <summary>Says what is wrong with the words of a command line, and what was meant perhaps.</summary>
    public static int Usage(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var verbs = parsed.RootCommandResult.Command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name).ToList();
        var options = UnknownOptions(parsed);
        if (command is RootCommand)
        {
            var word = parsed.UnmatchedTokens is [var first, ..] ? first : null;
            Console.Error.WriteLine(
                word is null
                    ? $"segbatch: name a verb: {string.Join(", ", verbs)}."
                    : $"segbatch: there is no verb '{word}'.{Suggestion.For(word, verbs)} Verbs: {string.Join(", ", verbs)}."
            );
        }
        else if (options.Count > 0)
        {
            var known = command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Append(option.Name)).ToList();
            foreach (var option in options)
            {
                Console.Error.WriteLine(
                    $"segbatch {command.Name}: there is no option '{option}'.{(option.Length > 2 ? Suggestion.For(option, known) : "")}"
                );
            }
        }
        else if (HasEmptyWord(parsed))
        {
            Console.Error.WriteLine($"segbatch {command.Name}: a word of the command is empty. Is a variable of the shell not set?");
        }
        else
        {
            foreach (var message in parsed.Errors.Select(Describe).Distinct())
            {
                Console.Error.WriteLine($"segbatch {command.Name}: {message}");
            }
        }

        Console.Error.WriteLine($"Try: segbatch {(command is RootCommand ? "" : command.Name + " ")}--help");
        return (int)ExitCode.Usage;
    }

    /// <summary>Words a failure on standard error: as lines, or as one JSON line where progress was told so.</summary>
    public static int Failure(Exception error, bool verbose, bool json)
    {
        var (code, text) = error switch
        {
            ManifestException manifest => (ExitCode.Configuration, string.Join('\n', manifest.Problems)),
            ModelException { Code: ModelException.Device } device => (ExitCode.Unavailable, device.Message),
            ModelException model => (ExitCode.Configuration, model.Message),
            DemoException demo => (ExitCode.Configuration, demo.Message),
            DllNotFoundException missing => (ExitCode.Configuration, missing.Message),
            JobException job => ((ExitCode)job.Failure, job.Message),
            DecodingException decoding => (ExitCode.Configuration, decoding.Message),
            OperationCanceledException => (ExitCode.Stopped, "Stopped. Run the same command again to go on."),
            _ => (ExitCode.Unexpected, $"Unexpected error: {error.Message}\nThis should not happen; --verbose shows where it came from."),
        };
        if (json)
        {
            var line = new JsonObject
            {
                ["event"] = "error",
                ["exit_code"] = (int)code,
                ["message"] = text,
                ["detail"] = verbose ? $"{error}" : null,
            };
            Console.Error.WriteLine(line.ToJsonString(RecordJson.Compact));
            return (int)code;
        }

        Console.Error.WriteLine(text);
        if (verbose)
        {
            Console.Error.WriteLine(error);
        }

        return (int)code;
    }
}
