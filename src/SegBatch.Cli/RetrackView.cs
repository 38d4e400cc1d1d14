using SegBatch.Jobs;
using Spectre.Console;
using static SegBatch.Cli.SummaryParts;

namespace SegBatch.Cli;

/// <summary>What tracking again has changed, and where to look next.</summary>
internal static class RetrackView
{
    public static void Write(IAnsiConsole console, RetrackSummary summary)
    {
        console.WriteLine();
        console.MarkupLine(Headline(summary));
        if (summary.Done > 0)
        {
            WriteClasses(console, summary);
        }

        var output = Shown(summary.Output);
        console.MarkupLine("[bold]Look next[/]");
        Line(console, Path.Combine(output, "tracks"), "Parquet: one row per track");
        Query(console, output, "from tracks order by frames desc limit 10");
        if (summary.StaleAnnotations > 0)
        {
            var shows = summary.StaleAnnotations == 1 ? "annotated video still shows" : "annotated videos still show";
            Line(console, Path.Combine(output, "videos"), $"{summary.StaleAnnotations} {shows} the tracks of the run");
        }
    }

    private static void WriteClasses(IAnsiConsole console, RetrackSummary summary)
    {
        ClassCount Before(string name) => summary.Before.GetValueOrDefault(name);
        ClassCount Now(string name) => summary.Classes.GetValueOrDefault(name);
        Classes(
            console,
            [.. summary.Before.Keys.Union(summary.Classes.Keys).OrderByDescending(name => Before(name).Instances)],
            ("instances before", name => Number(Before(name).Instances)),
            ("now", name => Number(Now(name).Instances)),
            ("tracks before", name => Number(Before(name).Tracks)),
            ("now", name => Number(Now(name).Tracks))
        );
    }

    private static string Headline(RetrackSummary summary)
    {
        if (summary.Stopped)
        {
            return Stopped(summary, "; the others have the tracks they had.");
        }

        var rejected = summary.Rejected > 0 ? $" [red]{summary.Rejected} not tracked again.[/]" : "";
        if (summary.Done == 0)
        {
            return summary.Rejected > 0
                ? $"[red]Nothing was tracked again.[/]{rejected}"
                : $"[green]Everything is tracked so already[/]: {Videos(summary.Videos)}, {Markup.Escape(summary.Tracker)}. --again tracks it once more.";
        }

        return $"[green]Tracked again[/] with {Markup.Escape(summary.Tracker)}: {Work(summary, Number((long)summary.FramesPerSecond))}; "
            + $"{Number(summary.Frames)} frames, {Number(summary.TracksBefore)} → {Number(summary.Tracks)} tracks.{rejected}";
    }
}
