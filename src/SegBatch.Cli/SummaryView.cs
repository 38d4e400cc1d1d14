using System.Globalization;
using SegBatch.Jobs;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>What a run found, and where to look next.</summary>
internal static class SummaryView
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

    public static void Write(IAnsiConsole console, JobSummary summary)
    {
        console.WriteLine();
        console.MarkupLine(Headline(summary));
        long Instances(string name) => summary.Classes.GetValueOrDefault(name).Instances;
        double Share(string name) => summary.Regions.GetValueOrDefault(name).MeanShare;
        if (summary.Classes.Count + summary.Regions.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumn("class").AddColumn(new TableColumn("instances").RightAligned());
            table.AddColumn(new TableColumn("tracks").RightAligned());
            if (summary.Regions.Count > 0)
            {
                table.AddColumn(new TableColumn("of the picture").RightAligned());
            }

            // By what a class covers where the network says so for every pixel, else by its objects.
            var names = summary.Classes.Keys.Union(summary.Regions.Keys).OrderByDescending(Share).ThenByDescending(Instances).ToList();
            foreach (var name in names.Take(MostClasses))
            {
                var count = summary.Classes.GetValueOrDefault(name);
                string[] cells = [Markup.Escape(name), Number(count.Instances), Number(count.Tracks)];
                table.AddRow(summary.Regions.Count > 0 ? [.. cells, Percent(Share(name))] : cells);
            }

            if (names.Count > MostClasses)
            {
                table.AddRow($"[grey]and {names.Count - MostClasses} more[/]");
            }

            console.Write(table);
        }

        var output = Shown(summary.Output);
        if (summary.Done + summary.AlreadyDone + summary.Rejected == 0)
        {
            return; // stopped before the first video was whole: there is nothing to look at
        }

        console.MarkupLine($"[bold]Look next[/]");
        if (summary.Rejected > 0)
        {
            Line(console, Path.Combine(output, "run.json"), "why videos were rejected");
        }

        if (summary.Done + summary.AlreadyDone == 0)
        {
            return;
        }

        if (summary.Annotated)
        {
            var ids = summary.AnnotatedBefore ? ", drawn before looking back: with the online tracker's ids" : "";
            Line(console, Path.Combine(output, "videos"), $"annotated videos{ids}");
        }

        Line(console, Path.Combine(output, "instances"), "Parquet: one row per object and frame, with its mask");
        if (summary.Regions.Count > 0)
        {
            Line(console, Path.Combine(output, "regions"), "Parquet: one row per class and frame, with its mask and share of the picture");
        }

        // Written past the console: a command that is broken at the terminal's edge cannot be copied.
        var view = summary.Tracks > 0 ? "tracks" : "instances";
        console.Profile.Out.Writer.WriteLine(
            $"  segbatch query {output} \"select video, class_name, count(*) as {view} from {view} group by all order by all\""
        );
    }

    private static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    private static string Headline(JobSummary summary)
    {
        var work =
            summary.Frames == 0
                ? summary.Done > 0
                    ? "no frame was read: 'start' and 'end' leave none"
                    : "nothing to do"
                : $"{Number(summary.Frames)} frames, {Number(summary.Instances)} instances, {Number(summary.Tracks)} tracks";
        if (summary.Stopped)
        {
            return $"[yellow]Stopped[/] after {summary.Done + summary.AlreadyDone} of {summary.Videos} videos. Run the same command again to go on.";
        }

        if (summary.Done == 0 && summary.Rejected == 0)
        {
            return $"[green]Everything is done already[/]: {Videos(summary.Videos)}, {work}.";
        }

        var speed =
            $"{JobTally.Duration(TimeSpan.FromSeconds(summary.Seconds))}, {summary.FramesPerSecond.ToString("F1", CultureInfo.InvariantCulture)} fps";
        var before = summary.AlreadyDone > 0 ? $", {summary.AlreadyDone} before" : "";
        var rejected = summary.Rejected > 0 ? $" [red]{summary.Rejected} rejected.[/]" : "";
        var damaged = summary.Damaged > 0 ? $" [yellow]{summary.Damaged} with damaged frames.[/]" : "";
        return $"[green]Done[/]: {Videos(summary.Done)}{before} ({speed}); {work}.{rejected}{damaged}";
    }

    private static string Videos(int count) => count == 1 ? "1 video" : $"{count} videos";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A folder as one would type it here.</summary>
    public static string Shown(string folder)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, folder);
        return relative.StartsWith("../..", StringComparison.Ordinal) ? folder : relative;
    }

    public static void Line(IAnsiConsole console, string what, string meaning) =>
        console.MarkupLine($"  {Markup.Escape(what)}{(meaning.Length > 0 ? $"  [grey]{Markup.Escape(meaning)}[/]" : "")}");
}
