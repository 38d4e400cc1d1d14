using System.Globalization;
using SegBatch.Jobs;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>What the summaries of a run and of tracking again are made of.</summary>
internal static class SummaryParts
{
    private const int MostClasses = 12;

    /// <summary>A console without colours or line breaks of its own: for files and pipes.</summary>
    public static IAnsiConsole Plain()
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(Console.Out),
            }
        );
        console.Profile.Width = 200;
        return console;
    }

    /// <summary>A row per class, the most important first, and columns of figures.</summary>
    public static void Classes(
        IAnsiConsole console,
        IReadOnlyList<string> names,
        params (string Name, Func<string, string> Figure)[] columns
    )
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("class");
        foreach (var (name, _) in columns)
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (var name in names.Take(MostClasses))
        {
            table.AddRow([Markup.Escape(name), .. columns.Select(column => column.Figure(name))]);
        }

        if (names.Count > MostClasses)
        {
            table.AddRow($"[grey]and {names.Count - MostClasses} more[/]");
        }

        console.Write(table);
    }

    /// <summary>"Stopped after 3 of 9 videos", and what to do.</summary>
    public static string Stopped(FolderSummary summary, string others = ".") =>
        $"[yellow]Stopped[/] after {summary.Done + summary.AlreadyDone} of {summary.Videos} videos{others} Run the same command again to go on.";

    /// <summary>"3 videos, 2 before (4s, 56.7 fps)".</summary>
    public static string Work(FolderSummary summary, string rate)
    {
        var before = summary.AlreadyDone > 0 ? $", {summary.AlreadyDone} before" : "";
        return $"{Videos(summary.Done)}{before} ({JobTally.Duration(TimeSpan.FromSeconds(summary.Seconds))}, {rate} fps)";
    }

    public static string Videos(int count) => count == 1 ? "1 video" : $"{count} videos";

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A folder as one would type it here.</summary>
    public static string Shown(string folder)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, folder);
        return relative.StartsWith("../..", StringComparison.Ordinal) ? folder : relative;
    }

    public static void Line(IAnsiConsole console, string what, string meaning) =>
        console.MarkupLine($"  {Markup.Escape(what)}{(meaning.Length > 0 ? $"  [grey]{Markup.Escape(meaning)}[/]" : "")}");

    /// <summary>A query to begin with. Written past the console: a command that is broken at the terminal's edge cannot be copied.</summary>
    public static void Query(IAnsiConsole console, string output, string sql) =>
        console.Profile.Out.Writer.WriteLine($"  segbatch query {Word(output)} \"{sql}\"");

    /// <summary>A path as one word of a shell: in quotes where it needs them.</summary>
    private static string Word(string path) =>
        path.All(c => char.IsLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '+' or ',' or '=' or '@' or ':' or '\\')
            ? path
            : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
