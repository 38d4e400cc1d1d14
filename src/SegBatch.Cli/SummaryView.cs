using System.Globalization;
using SegBatch.Jobs;
using Spectre.Console;
using static SegBatch.Cli.SummaryParts;

namespace SegBatch.Cli;

/// <summary>What a run found, and where to look next.</summary>
internal static class SummaryView
{
    public static void Write(IAnsiConsole console, JobSummary summary)
    {
        console.WriteLine();
        console.MarkupLine(Headline(summary));
        if (summary.Classes.Count + summary.Regions.Count > 0)
        {
            WriteClasses(console, summary);
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

        var view = summary.Tracks > 0 ? "tracks" : "instances";
        Query(console, output, $"select video, class_name, count(*) as {view} from {view} group by all order by all");
    }

    /// <summary>By what a class covers where the network says so for every pixel, else by its objects.</summary>
    private static void WriteClasses(IAnsiConsole console, JobSummary summary)
    {
        ClassCount Count(string name) => summary.Classes.GetValueOrDefault(name);
        double Share(string name) => summary.Regions.GetValueOrDefault(name).MeanShare;
        (string, Func<string, string>)[] columns =
        [
            ("instances", name => Number(Count(name).Instances)),
            ("tracks", name => Number(Count(name).Tracks)),
            ("of the picture", name => Share(name).ToString("P1", CultureInfo.InvariantCulture)),
        ];
        var names = summary
            .Classes.Keys.Union(summary.Regions.Keys)
            .OrderByDescending(Share)
            .ThenByDescending(name => Count(name).Instances);
        Classes(console, [.. names], summary.Regions.Count > 0 ? columns : columns[..2]);
    }

    private static string Headline(JobSummary summary)
    {
        if (summary.Stopped)
        {
            return Stopped(summary);
        }

        var work =
            summary.Frames == 0 && summary.Done > 0
                ? "no frame was read: 'start' and 'end' leave none"
                : $"{Number(summary.Frames)} frames, {Number(summary.Instances)} instances, {Number(summary.Tracks)} tracks";
        if (summary.Done == 0 && summary.Rejected == 0)
        {
            return $"[green]Everything is done already[/]: {Videos(summary.Videos)}, {work}.";
        }

        var rejected = summary.Rejected > 0 ? $" [red]{summary.Rejected} rejected.[/]" : "";
        if (summary.Done == 0)
        {
            var before = summary.AlreadyDone > 0 ? $" {Videos(summary.AlreadyDone)} done before: {work}." : "";
            return $"[red]Nothing could be done.[/]{before}{rejected}";
        }

        var damaged = summary.Damaged > 0 ? $" [yellow]{summary.Damaged} with damaged frames.[/]" : "";
        var rate = summary.FramesPerSecond.ToString("F1", CultureInfo.InvariantCulture);
        return $"[green]Done[/]: {Work(summary, rate)}; {work}.{rejected}{damaged}";
    }
}
