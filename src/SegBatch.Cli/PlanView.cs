using System.Globalization;
using System.Text.Json.Nodes;
using SegBatch.Jobs;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>Words a <see cref="JobPlan"/> for people and for programs.</summary>
internal static class PlanView
{
    private const int MostVideos = 20;

    public static void Write(IAnsiConsole console, JobPlan plan, bool all)
    {
        var shown = all ? plan.Videos : [.. plan.Videos.Take(MostVideos)];
        var table = new Table().Border(TableBorder.Simple).AddColumn("video");
        foreach (var name in new[] { "frames", "duration", "size" })
        {
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        }

        table.AddColumn(new TableColumn("codec").NoWrap()).AddColumn(new TableColumn("").NoWrap());
        foreach (var video in shown)
        {
            table.AddRow(
                Markup.Escape(video.Key),
                video.Frames is { } frames ? Number(frames) : "",
                video.Info?.DurationSeconds is { } seconds ? Clock(seconds) : "",
                $"{video.Info?.Size}",
                video.Info?.Codec ?? "",
                State(video)
            );
        }

        foreach (var warning in plan.Job.Warnings)
        {
            console.MarkupLine($"[yellow]{Markup.Escape(warning)}[/]");
        }

        console.Write(table);
        if (shown.Count < plan.Videos.Count)
        {
            console.MarkupLine($"[grey]and {Number(plan.Videos.Count - shown.Count)} more: --all lists them[/]");
        }

        Totals(console, plan);
        Rejects(console, plan, all);
    }

    /// <summary>The same, whole, under stable names.</summary>
    public static JsonObject Json(JobPlan plan) =>
        new()
        {
            ["job"] = plan.Job.Name,
            ["model"] = plan.Job.Model.Path,
            ["model_sha256"] = plan.Model.File.Sha256,
            ["output"] = plan.Job.Output,
            ["warnings"] = new JsonArray([.. plan.Job.Warnings.Select(warning => JsonValue.Create(warning))]),
            ["counts"] = new JsonObject
            {
                ["videos"] = plan.Videos.Count,
                ["to_do"] = plan.Count(PlannedState.ToDo) + plan.Count(PlannedState.Again),
                ["done"] = plan.Count(PlannedState.Done),
                ["reject"] = plan.Count(PlannedState.Reject),
            },
            ["frames"] = Left(plan).Sum(video => video.Frames ?? 0),
            ["frames_unknown"] = Left(plan).Count(video => video.Frames is null),
            ["hours"] = Math.Round(Hours(plan), 4),
            ["disk_bytes"] = plan.NeededBytes,
            ["disk_free_bytes"] = plan.FreeBytes,
            ["videos"] = new JsonArray([.. plan.Videos.Select(Json)]),
        };

    private static JsonObject Json(PlannedVideo video)
    {
        var json = new JsonObject
        {
            ["video"] = video.Key,
            ["path"] = video.Path,
            ["state"] = video.State switch
            {
                PlannedState.ToDo => "to_do",
                var other => $"{other}".ToLowerInvariant(),
            },
        };
        if (video.Info is { } info)
        {
            json["frames"] = video.Frames;
            json["duration_s"] = info.DurationSeconds;
            json["width"] = info.Size.Width;
            json["height"] = info.Size.Height;
            json["codec"] = info.Codec;
        }
        else if (video.Code is not null)
        {
            json["code"] = video.Code;
            json["message"] = video.Message;
        }

        return json;
    }

    private static void Totals(IAnsiConsole console, JobPlan plan)
    {
        var left = Left(plan).ToList();
        var done = plan.Count(PlannedState.Done);
        var unknown = left.Count(video => video.Frames is null);
        var frames =
            $"{Number(left.Sum(video => video.Frames ?? 0))} frames{(unknown > 0 ? $" and {unknown} videos that do not say how many they have" : "")}";
        console.MarkupLine(
            $"[bold]{Number(left.Count)}[/] of {Number(plan.Videos.Count)} videos to do: {frames}, {JobTally.Duration(TimeSpan.FromHours(Hours(plan)))} of video."
        );
        if (done > 0)
        {
            console.MarkupLine($"[green]{Number(done)}[/] done already.");
        }

        console.MarkupLine(
            Markup.Escape(
                $"Results take about {Bytes(plan.NeededBytes)}{(plan.FreeBytes is { } there ? $"; {Bytes(there)} are free" : "")} in {plan.Job.Output}"
            )
        );
        if (plan.FreeBytes is { } free && free < plan.NeededBytes)
        {
            console.MarkupLine(
                "[red]The disk is too small for that.[/] Free space, choose another output, or leave annotated videos out (--no-video)."
            );
        }
    }

    private static void Rejects(IAnsiConsole console, JobPlan plan, bool all)
    {
        var rejects = plan.Videos.Where(video => video.State == PlannedState.Reject).ToList();
        if (rejects.Count == 0)
        {
            return;
        }

        console.MarkupLine($"[red]{Number(rejects.Count)} cannot be read[/] and would be rejected:");
        foreach (var video in all ? rejects : rejects.Take(MostVideos))
        {
            console.MarkupLine($"  [red]{Markup.Escape(video.Code ?? "")}[/]  {Markup.Escape(PrintableText.Of(video.Message ?? ""))}");
        }

        if (!all && rejects.Count > MostVideos)
        {
            console.MarkupLine($"  [grey]and {Number(rejects.Count - MostVideos)} more: --all lists them[/]");
        }
    }

    private static IEnumerable<PlannedVideo> Left(JobPlan plan) =>
        plan.Videos.Where(video => video.State is PlannedState.ToDo or PlannedState.Again);

    /// <summary>Hours of the stretches that would be read, by frames over the declared rate where both are known.</summary>
    private static double Hours(JobPlan plan) =>
        Left(plan)
            .Sum(video =>
                video switch
                {
                    { Info.IsImage: true } => 0,
                    { Frames: { } frames, Info.FrameRate: { IsValid: true, Numerator: > 0 } rate } => frames
                        * video.Stride
                        / rate.ToDouble(),
                    _ => video.Info?.DurationSeconds ?? 0,
                }
            ) / 3600;

    private static string State(PlannedVideo video) =>
        video switch
        {
            { State: PlannedState.Done } => "[green]done[/]",
            { State: PlannedState.Again } => "[yellow]changed, to do again[/]",
            { State: PlannedState.Reject } => $"[red]{Markup.Escape(video.Code ?? "")}[/]",
            { Frames: 0 } => "[yellow]nothing between start and end[/]",
            _ => "to do",
        };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Clock(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Min(seconds, 1e9));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(int)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00}.{time.Milliseconds / 100}"
        );
    }

    private static string Bytes(long bytes) =>
        bytes switch
        {
            >= 1L << 40 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 40):0.#} TB"),
            >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#} GB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / (double)(1L << 20)):0} MB"),
        };
}
