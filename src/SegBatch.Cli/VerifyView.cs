using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SegBatch.Evaluation;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>Tells how far a run agrees with a recording: to people as a table, to programs as JSON.</summary>
internal sealed class VerifyView(
    Recording recording,
    RunInstances run,
    Agreement agreement,
    IReadOnlyDictionary<string, double> required,
    int details
)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private readonly IReadOnlyList<AgreementFigure> _figures = AgreementFigure.Of(agreement);

    /// <summary>A required figure was not reached, or could not be compared.</summary>
    public bool IsMissed => _figures.Any(figure => Missed(figure));

    public void Write(bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(Json().ToJsonString(s_indented));
        }
        else
        {
            Write(OutputConsole.Create());
        }
    }

    /// <summary>Figures under their names; null where there was nothing to compare.</summary>
    private JsonObject Json()
    {
        var json = new JsonObject
        {
            ["part"] = recording.Part,
            ["clip"] = recording.Clip,
            ["model"] = recording.Model,
            ["video"] = run.Video,
            ["frames"] = agreement.Frames,
            ["frames_not_in_run"] = agreement.FramesNotInRun,
            ["reference"] = agreement.Reference,
            ["ours"] = agreement.Ours,
            ["matched"] = agreement.Matched,
        };
        foreach (var figure in _figures)
        {
            json[figure.Name] = double.IsNaN(figure.Value) ? null : figure.Rounded;
        }

        json["masks"] = agreement.MaskIoU.Count;
        json["missed"] = new JsonArray([.. _figures.Where(Missed).Select(figure => JsonValue.Create(figure.Name))]);
        if (details > 0)
        {
            json["lost"] = Listed(agreement.Lost);
            json["gained"] = Listed(agreement.Gained);
        }

        return json;
    }

    private JsonArray Listed(IReadOnlyList<LoneDetection> detections) =>
        [
            .. detections
                .Take(details)
                .Select(item => new JsonObject
                {
                    ["frame"] = item.Frame,
                    ["class_id"] = item.ClassId,
                    ["class_name"] = run.ClassName(item.ClassId),
                    ["score"] = Math.Round(item.Score, 5),
                    ["box"] = new JsonArray(Round(item.Box.X1), Round(item.Box.Y1), Round(item.Box.X2), Round(item.Box.Y2)),
                }),
        ];

    private void Write(IAnsiConsole console)
    {
        console.WriteLine($"{recording.Part} of {recording.Clip} with {recording.Model}, against video {run.Video}");
        if (agreement.FramesNotInRun > 0)
        {
            var meaning = agreement.FramesLeftOut
                ? "They are left out."
                : "What they hold counts as lost; --common-frames leaves them out.";
            console.MarkupLine($"[yellow]The run lacks {agreement.FramesNotInRun} of the recorded frames.[/] {meaning}");
        }

        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn(new TableColumn("").RightAligned()).AddColumn("");
        table.HideHeaders();
        Count("frames", agreement.Frames);
        Count("objects recorded", agreement.Reference);
        Count("objects of the run", agreement.Ours);
        Count($"the same (class, box IoU >= {Comparison.MatchIoU.ToString(CultureInfo.InvariantCulture)})", agreement.Matched);
        foreach (var figure in _figures.Where(IsShown))
        {
            table.AddRow(new Text(figure.Meaning), new Text(Value(figure)), Verdict(figure));
        }

        console.Write(table);
        if (agreement.MaskSizesDiffer)
        {
            console.WriteLine(
                "Masks were recorded at another size than the frame's: those were not compared. Record with retina_masks=True."
            );
        }

        List(console, "lost: recorded, but not in the run", agreement.Lost);
        List(console, "gained: in the run, but not recorded", agreement.Gained);

        void Count(string what, int count) => table.AddRow(what, count.ToString("N0", CultureInfo.InvariantCulture), "");
    }

    private Markup Verdict(AgreementFigure figure)
    {
        if (!required.TryGetValue(figure.Name, out var limit))
        {
            return new Markup("");
        }

        var bound = $"{(figure.MoreIsBetter ? ">=" : "<=")} {limit.ToString(CultureInfo.InvariantCulture)}";
        return new Markup(Missed(figure) ? $"[red]MISSED: required {bound}[/]" : $"[green]{bound}[/]");
    }

    private void List(IAnsiConsole console, string title, IReadOnlyList<LoneDetection> detections)
    {
        if (details <= 0 || detections.Count == 0)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Simple).Title($"{title} ({Math.Min(details, detections.Count)} of {detections.Count})");
        table.AddColumns("frame", "class", "score", "box");
        foreach (var item in detections.Take(details))
        {
            var box = item.Box;
            table.AddRow(
                $"{item.Frame}",
                Markup.Escape(run.ClassName(item.ClassId)),
                item.Score.ToString("F3", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{box.X1:F1} {box.Y1:F1} {box.X2:F1} {box.Y2:F1}")
            );
        }

        console.Write(table);
    }

    private bool Missed(AgreementFigure figure) => required.TryGetValue(figure.Name, out var limit) && !figure.Meets(limit);

    private bool IsShown(AgreementFigure figure) => !double.IsNaN(figure.Value) || required.ContainsKey(figure.Name);

    private static string Value(AgreementFigure figure) =>
        double.IsNaN(figure.Value) ? "not compared" : figure.Value.ToString($"F{figure.Decimals}", CultureInfo.InvariantCulture);

    private static double Round(double pixels) => Math.Round(pixels, 3);
}
