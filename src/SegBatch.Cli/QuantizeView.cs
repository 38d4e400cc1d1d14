using System.Globalization;
using System.Text.Json.Nodes;
using SegBatch.Evaluation;
using SegBatch.Jobs;
using SegBatch.Quantization;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>Tells how a quantised model compares with its original: to people as a table, to programs as JSON.</summary>
internal static class QuantizeView
{
    private static readonly HashSet<string> s_shown =
    [
        "recall",
        "precision",
        "score_mean",
        "score_p99",
        "mask_mean",
        "mask_p01",
        "mask_min",
    ];

    public static void Write(QuantizationReport report, QuantizationOptions options, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(Json(report).ToJsonString(RecordJson.Options));
        }
        else
        {
            Write(OutputConsole.Create(), report, options);
        }
    }

    private static JsonObject Json(QuantizationReport report)
    {
        var (check, agreement) = (report.Check, report.Check.Agreement);
        var json = new JsonObject
        {
            ["passed"] = report.Problem is null,
            ["problem"] = report.Problem,
            ["written"] = report.Written,
            ["frames_calibrated"] = report.CalibrationFrames,
            ["frames_compared"] = agreement.Frames,
            ["inputs"] = new JsonArray([.. check.Inputs.Select(size => new JsonArray(size.Height, size.Width))]),
            ["reference"] = agreement.Reference,
            ["ours"] = agreement.Ours,
            ["matched"] = agreement.Matched,
        };
        foreach (var figure in Figures(agreement))
        {
            json[figure.Name] = double.IsNaN(figure.Value) ? null : figure.Rounded;
        }

        json["cpu_ms_original"] = Math.Round(check.OriginalMs, 2);
        json["cpu_ms_quantized"] = Math.Round(check.CandidateMs, 2);
        json["speedup"] = Math.Round(check.Speedup, 3);
        return json;
    }

    private static void Write(IAnsiConsole console, QuantizationReport report, QuantizationOptions options)
    {
        var (check, agreement) = (report.Check, report.Check.Agreement);
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn(new TableColumn("").RightAligned());
        table.HideHeaders();
        if (report.CalibrationFrames > 0)
        {
            Row("frames learned from", $"{report.CalibrationFrames}");
        }

        Row("other frames compared", $"{agreement.Frames}");
        Row("objects of the original", $"{agreement.Reference}");
        Row("objects of the quantised model", $"{agreement.Ours}");
        Row($"the same (class, mask IoU >= {Comparison.MaskMatchIoU})", $"{agreement.Matched}");
        foreach (var figure in Figures(agreement))
        {
            Row(Meaning(figure), double.IsNaN(figure.Value) ? "not compared" : figure.Value.ToString("F4", CultureInfo.InvariantCulture));
        }

        Row("CPU ms per run, original", check.OriginalMs.ToString("F1", CultureInfo.InvariantCulture));
        Row("CPU ms per run, quantised", check.CandidateMs.ToString("F1", CultureInfo.InvariantCulture));
        Row("times as fast", check.Speedup.ToString("F2", CultureInfo.InvariantCulture));
        console.Write(table);
        if (report.Problem is { } problem)
        {
            console.MarkupLineInterpolated($"[red]Not good enough:[/] {problem}.");
            console.WriteLine(
                report.CalibrationFrames > 0
                    ? "Nothing was written. More --frames or more sources may help; so may a larger model. --min-iou and --min-recall say what is enough."
                    : "--min-iou and --min-recall say what is enough."
            );
        }
        else
        {
            var limits = string.Create(
                CultureInfo.InvariantCulture,
                $"mask IoU >= {options.MinIoU}, {options.MinRecall:P0} of the objects found again"
            );
            console.MarkupLineInterpolated($"[green]Good enough[/] ({limits}).{(report.Written is { } path ? $" Written: {path}" : "")}");
            if (check.Speedup < 1)
            {
                console.MarkupLine(
                    "[yellow]It was not faster than the original here.[/] 'segbatch bench --against' measures the two longer."
                );
            }
        }

        void Row(string what, string value) => table.AddRow(new Text(what), new Text(value));
    }

    private static IEnumerable<AgreementFigure> Figures(Agreement agreement) =>
        AgreementFigure.Of(agreement).Where(figure => s_shown.Contains(figure.Name));

    private static string Meaning(AgreementFigure figure) =>
        figure.Name switch
        {
            "recall" => "share of the original's objects found again",
            "precision" => "share of the quantised model's objects that are the original's",
            _ => figure.Meaning,
        };
}
