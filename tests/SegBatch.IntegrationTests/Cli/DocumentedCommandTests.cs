using System.Text.RegularExpressions;
using Xunit;

namespace SegBatch.IntegrationTests.Cli;

/// <summary>Commands that the pages, the help and the sample jobs show are commands that there are.</summary>
public sealed partial class DocumentedCommandTests
{
    private static readonly string[] Hidden = ["schema"];

    [Fact]
    public async Task Every_command_shown_names_a_verb_and_options_that_it_has()
    {
        var verbs = VerbLine().Matches(await Help()).Select(match => match.Groups[1].Value).Concat(Hidden).ToList();
        var options = new Dictionary<string, HashSet<string>>();
        foreach (var verb in verbs)
        {
            options[verb] = [.. Option().Matches(await Help(verb)).Select(match => match.Value)];
        }

        foreach (var verb in new[] { "plan", "bench" })
        {
            options[verb].UnionWith(options["run"].Except(["--log"])); // those of a job, which their help refers to
        }

        var commands = Pages().SelectMany(page => Shown(File.ReadAllText(page)).Select(command => (Page: page, Command: command))).ToList();
        Assert.True(commands.Count > 60, $"{commands.Count} commands");
        var problems = new List<string>();
        foreach (var (page, command) in commands)
        {
            var verb = command.Split(' ')[1];
            if (!options.TryGetValue(verb, out var known))
            {
                problems.Add($"{Path.GetFileName(page)}: there is no verb '{verb}': {command}");
                continue;
            }

            var unknown = Option()
                .Matches(Quoted().Replace(command, "''"))
                .Select(match => match.Value)
                .Where(option => !IsKnown(option, known));
            problems.AddRange(unknown.Select(option => $"{Path.GetFileName(page)}: '{verb}' has no {option}: {command}"));
        }

        Assert.Empty(problems);
    }

    [Fact]
    public async Task The_front_page_lists_every_verb()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(SegBatchProcess.Repository, "README.md"),
            TestContext.Current.CancellationToken
        );
        var table = string.Concat(page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)));
        Assert.All(VerbLine().Matches(await Help()), verb => Assert.Contains($"`{verb.Groups[1].Value}`", table, StringComparison.Ordinal));
    }

    private static async Task<string> Help(params string[] verb)
    {
        var (code, output, errors) = await SegBatchProcess.Run([.. verb, "--help"]);
        Assert.True(code == 0, errors);
        return output;
    }

    private static IEnumerable<string> Pages() =>
        new[] { "*.md", "job.yaml", "*Command.cs", "Program.cs" }
            .SelectMany(pattern =>
                new[] { "docs", "jobs", "bench", "models", "src/SegBatch.Cli" }.SelectMany(folder => Files(folder, pattern))
            )
            .Append(Path.Combine(SegBatchProcess.Repository, "README.md"));

    private static string[] Files(string folder, string pattern) =>
        Directory.GetFiles(Path.Combine(SegBatchProcess.Repository, folder), pattern, SearchOption.AllDirectories);

    /// <summary>From the program's name to the end of the line, of the code span, or of the command in a pipe.</summary>
    private static IEnumerable<string> Shown(string text) => Command().Matches(text).Select(match => match.Value);

    /// <summary>Switches have a form that turns them off, which help does not list.</summary>
    private static bool IsKnown(string option, HashSet<string> known) =>
        known.Contains(option)
        || option is "--help" or "--version"
        || option.StartsWith("--no-", StringComparison.Ordinal)
            && (known.Contains($"--{option[5..]}") || known.Contains($"--show-{option[5..]}"));

    [GeneratedRegex(@"(?<=^[\s#*`]*(?:\./)?|`(?:\./)?)segbatch [a-z]+\b[^`|;\n]*", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"^  ([a-z]+)  +\S", RegexOptions.Multiline)]
    private static partial Regex VerbLine();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*")]
    private static partial Regex Option();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'")]
    private static partial Regex Quoted();
}
