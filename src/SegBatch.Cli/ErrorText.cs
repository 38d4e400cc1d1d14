using System.CommandLine;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.Jobs;

namespace SegBatch.Cli;

/// <summary>The one place that words errors for people and chooses the exit code.</summary>
internal static class ErrorText
{
    public static int Usage(ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
        {
            Console.Error.WriteLine($"segbatch: {error.Message}");
        }

        var verbs = parsed.RootCommandResult.Command.Subcommands.Select(verb => verb.Name);
        if (parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens is [var word, ..])
        {
            Console.Error.WriteLine($"{Suggestion.For(word, verbs).TrimStart()} Verbs: {string.Join(", ", verbs)}.".TrimStart());
        }
        else if (parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith("--", StringComparison.Ordinal)) is { } option)
        {
            var known = parsed.CommandResult.Command.Options.SelectMany(o => o.Aliases.Append(o.Name));
            Console.Error.WriteLine(Suggestion.For(option, known).TrimStart());
        }

        Console.Error.WriteLine(
            $"Try: segbatch {(parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ")}--help"
        );
        return (int)ExitCode.Usage;
    }

    public static int Failure(Exception error, bool verbose)
    {
        var (code, text) = error switch
        {
            ManifestException manifest => (ExitCode.Configuration, string.Join('\n', manifest.Problems)),
            ModelException { Code: ModelException.Device } device => (ExitCode.Unavailable, device.Message),
            ModelException model => (ExitCode.Configuration, model.Message),
            HeadLayoutException layout => (ExitCode.Configuration, $"The model cannot be used: {layout.Message}."),
            DllNotFoundException missing => (ExitCode.Configuration, missing.Message),
            JobException job => ((ExitCode)job.Failure, job.Message),
            DecodingException decoding => (ExitCode.Configuration, decoding.Message),
            OperationCanceledException => (ExitCode.Stopped, "Stopped. Run the same command again to go on."),
            _ => (ExitCode.Unexpected, $"Unexpected error: {error.Message}\nThis should not happen; --verbose shows where it came from."),
        };
        Console.Error.WriteLine(text);
        if (verbose)
        {
            Console.Error.WriteLine(error);
        }

        return (int)code;
    }
}
