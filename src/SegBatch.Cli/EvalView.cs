using System.Globalization;
using System.Text.Json;
using SegBatch.Evaluation;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>Tells how good a run is: to people as tables, to programs as JSON.</summary>
internal sealed class EvalView(EvaluationReport report)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public void Write(bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(EvalJson.Of(report).ToJsonString(s_indented));
        }
        else
        {
            Write(OutputConsole.Create());
        }
    }

    private void Write(IAnsiConsole console)
    {
        console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Videos.Count} videos, {report.Frames:N0} frames: {report.Truths:N0} objects of the truth, {report.Founds:N0} found"
            )
        );
        if (report.VideosLeftOut.Count > 0)
        {
            console.MarkupLine($"[yellow]{report.VideosLeftOut.Count} videos of the truth are not in the run and were left out.[/]");
        }

        if (report.FoundsOfOtherClasses > 0)
        {
            console.WriteLine($"{report.FoundsOfOtherClasses} found objects are of classes that the truth does not know: not evaluated.");
        }

        console.Write(Precision());
        console.Write(Classes());
        if (report.Tracking is { } tracking)
        {
            console.Write(Tracking(tracking));
            if (tracking.Videos.Count > 1)
            {
                console.Write(Videos(tracking));
            }
        }
        else
        {
            console.WriteLine("No tracks to compare: the truth or the run has none.");
        }
    }

    private Table Precision()
    {
        var table = Titled("average precision and recall");
        foreach (var precision in report.Precisions)
        {
            table.AddColumn(new TableColumn(EvalJson.Name(precision.Kind)).RightAligned());
        }

        foreach (var (index, figure) in report.Precisions[0].Summary.Figures.Index())
        {
            table.AddRow([figure.Name, .. report.Precisions.Select(precision => Told(precision.Summary.Figures[index].Value))]);
        }

        return table;
    }

    private Table Classes()
    {
        var table = Titled("by class");
        foreach (var precision in report.Precisions)
        {
            table.AddColumn(new TableColumn($"{EvalJson.Name(precision.Kind)} AP").RightAligned());
        }

        string[] more = ["AP50", "precision", "recall", "F1", "at score"];
        string[] tracks = report.Tracking is null ? [] : ["HOTA", "MOTA", "IDF1"];
        foreach (var name in more.Concat(tracks))
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        for (var i = 0; i < report.Precisions[0].Classes.Count; i++)
        {
            var first = report.Precisions[0].Classes[i];
            var best = first.Curve?.Best ?? new ScorePoint(double.NaN, double.NaN, double.NaN, double.NaN);
            var score = report.Tracking?.Classes[i].Score.Figures.ToDictionary(figure => figure.Name, figure => figure.Value);
            table.AddRow(
                [
                    Markup.Escape(report.ClassNames[first.ClassId]),
                    .. report.Precisions.Select(precision => Told(precision.Classes[i].Summary.Ap)),
                    Told(first.Summary.Ap50),
                    Told(best.Precision),
                    Told(best.Recall),
                    Told(best.F1),
                    Told(best.Score),
                    .. tracks.Select(name => Told(score![name])),
                ]
            );
        }

        table.Caption("precision, recall and F1 at IoU 0.5 and the score of the best F1");
        return table;
    }

    private static Table Tracking(TrackingReport tracking)
    {
        var table = Titled($"tracks, by {EvalJson.Name(tracking.Kind)}");
        table.AddColumn(new TableColumn("all").RightAligned());
        table.AddColumn(new TableColumn("mean of classes").RightAligned());
        foreach (var ((name, value), average) in tracking.All.Figures.Zip(tracking.ClassAverage))
        {
            table.AddRow(EvalJson.Name(name, tracking.Kind), Told(value), Told(average.Value));
        }

        foreach (var (name, count) in tracking.All.Counts)
        {
            table.AddRow(name, count.ToString("N0", CultureInfo.InvariantCulture), "");
        }

        return table;
    }

    private static Table Videos(TrackingReport tracking)
    {
        string[] shown = ["HOTA", "DetA", "AssA", "LocA", "MOTA", "MOTP", "IDF1"];
        var table = Titled("by video");
        foreach (var name in shown.Append("IDSW"))
        {
            table.AddColumn(new TableColumn(EvalJson.Name(name, tracking.Kind)).RightAligned());
        }

        foreach (var item in tracking.Videos)
        {
            var values = item.Score.Figures.ToDictionary(figure => figure.Name, figure => figure.Value);
            table.AddRow([Markup.Escape(item.Video), .. shown.Select(name => Told(values[name])), $"{item.Score.Clear.IdSwitches}"]);
        }

        return table;
    }

    private static Table Titled(string title) => new Table().Border(TableBorder.Simple).Title(title).AddColumn("");

    private static string Told(double value) => double.IsNaN(value) ? "-" : value.ToString("F4", CultureInfo.InvariantCulture);
}
