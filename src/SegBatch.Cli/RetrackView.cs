using System.Globalization;
using SegBatch.Jobs;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>What tracking again has changed, and where to look next.</summary>
internal static class RetrackView
{
    private const int MostClasses = 12;

    public static void Write(IAnsiConsole console, RetrackSummary summary)
    {
        console.WriteLine();
        console.MarkupLine(Headline(summary));
        if (summary.Done > 0)
        {
            WriteClasses(console, summary);
        }

        var output = SummaryView.Shown(summary.Output);
        console.MarkupLine("[bold]Look next[/]");
        SummaryView.Line(console, Path.Combine(output, "tracks"), "Parquet: one row per track");
        // Written past the console: a command that is broken at the terminal's edge cannot be copied.
        console.Profile.Out.Writer.WriteLine($"  segbatch query {output} \"from tracks order by frames desc limit 10\"");
        if (summary.StaleAnnotations > 0)
        {
            SummaryView.Line(
                console,
                Path.Combine(output, "videos"),
                $"{(summary.StaleAnnotations == 1 ? "1 annotated video still shows" : $"{summary.StaleAnnotations} annotated videos still show")} the tracks of the run"
            );
        }
    }

    private static void WriteClasses(IAnsiConsole console, RetrackSummary summary)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("class");
        foreach (var column in new[] { "instances before", "now", "tracks before", "now" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        var names = summary
            .Before.Keys.Union(summary.Classes.Keys)
            .OrderByDescending(name => summary.Before.GetValueOrDefault(name).Instances);
        foreach (var name in names.Take(MostClasses))
        {
            var (before, now) = (summary.Before.GetValueOrDefault(name), summary.Classes.GetValueOrDefault(name));
            table.AddRow(Markup.Escape(name), Number(before.Instances), Number(now.Instances), Number(before.Tracks), Number(now.Tracks));
        }

        console.Write(table);
    }

    private static string Headline(RetrackSummary summary)
    {
        if (summary.Stopped)
        {
            return $"[yellow]Stopped[/] after {summary.Done + summary.AlreadyDone} of {summary.Videos} videos; the others have the tracks they had. "
                + "Run the same command again to go on.";
        }

        var rejected = summary.Rejected > 0 ? $" [red]{summary.Rejected} not tracked again.[/]" : "";
        if (summary.Done == 0)
        {
            return summary.Rejected > 0
                ? $"[red]Nothing was tracked again.[/]{rejected}"
                : $"[green]Everything is tracked so already[/]: {Videos(summary.Videos)}, {Markup.Escape(summary.Tracker)}. --again tracks it once more.";
        }

        var speed = $"{JobTally.Duration(TimeSpan.FromSeconds(summary.Seconds))}, {Number((long)summary.FramesPerSecond)} fps";
        var before = summary.AlreadyDone > 0 ? $", {summary.AlreadyDone} before" : "";
        return $"[green]Tracked again[/] with {Markup.Escape(summary.Tracker)}: {Videos(summary.Done)}{before} ({speed}); "
            + $"{Number(summary.Frames)} frames, {Number(summary.TracksBefore)} → {Number(summary.Tracks)} tracks.{rejected}";
    }

    private static string Videos(int count) => count == 1 ? "1 video" : $"{count} videos";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
