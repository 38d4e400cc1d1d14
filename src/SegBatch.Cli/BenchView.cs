using System.Globalization;
using SegBatch.Benchmarking;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary>A bench as tables for people.</summary>
internal static class BenchView
{
    private const double Megabyte = 1e6;

    public static void Write(IAnsiConsole console, BenchReport report)
    {
        console.MarkupLine(
            Text(
                $"[bold]{Markup.Escape(report.Clip)}[/] {report.Frame} {report.Codec}, {report.FramesPerRound} frames · [bold]{Markup.Escape(report.Model)}[/] at {report.Input} on {report.Device}, {Environment.ProcessorCount} cores"
            )
        );
        console.MarkupLine(
            report.IsDisturbed
                ? Text(
                    $"[yellow]Disturbed[/]: other programs took up to {report.ForeignShare:P0} of the machine in the {report.Rounds.Count} quietest of {report.Rounds.Count + report.Discarded} rounds. Do not quote these figures."
                )
                : Text($"medians of {report.Rounds.Count} rounds, {report.Discarded} disturbed ones left out")
        );
        console.Write(Legs(report));
        foreach (var leg in new[] { BenchReport.Tables, BenchReport.TablesAndVideo }.Where(report.Has))
        {
            console.Write(Stages(report, leg));
            console.MarkupLine(
                Text(
                    $"  outside {(leg == BenchReport.Tables ? "network and decoder" : "network and decoder, encoder included")}: [bold]{report.OwnCpuMsPerFrame(leg):0.0} CPU ms[/] per frame; managed memory: {report.AllocatedBytesPerFrame(leg):N0} B per frame, {report.Gen2Collections(leg)} full collections; written: {report.BytesWrittenPerFrame(leg):N0} B per frame"
                )
            );
        }
    }

    private static Table Legs(BenchReport report)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("");
        Columns(table, "frames/s", "CPU ms/frame", "to bare runtime");
        if (report.Has(BenchReport.Yardstick))
        {
            Columns(table, $"to it at {report.YardstickInput}");
        }

        Columns(table, "peak MB");
        foreach (var leg in report.Legs)
        {
            var cells = new List<string>
            {
                Name(report, leg),
                Text($"{report.FramesPerSecond(leg):0.0}"),
                Text($"{report.CpuMsPerFrame(leg):0.0}"),
                Ratio(report, leg, BenchReport.Bare),
            };
            if (report.Has(BenchReport.Yardstick))
            {
                cells.Add(Ratio(report, leg, BenchReport.Yardstick));
            }

            cells.Add(Text($"{report.PeakBytes(leg) / Megabyte:0}"));
            table.AddRow([.. cells]);
        }

        return table;
    }

    private static string Name(BenchReport report, string leg) =>
        leg switch
        {
            BenchReport.Yardstick => $"bare runtime, {Markup.Escape(report.YardstickModel)} at {report.YardstickInput}",
            BenchReport.Bare => $"bare runtime, {report.Input}",
            BenchReport.Network => $"network as the pipeline runs it, {report.NetworkRunsAtOnce} at once",
            BenchReport.DecodeAndEncode => $"bare decoding and encoding, {report.Preset}",
            BenchReport.Tables or BenchReport.TablesAndVideo => $"[bold]{leg}[/]",
            _ => leg,
        };

    private static string Ratio(BenchReport report, string leg, string yardstick) =>
        leg is BenchReport.Tables or BenchReport.TablesAndVideo ? Text($"[bold]{report.SpeedRatio(leg, yardstick):0.00}x[/]") : "";

    private static Table Stages(BenchReport report, string leg)
    {
        var table = new Table().Border(TableBorder.Simple).Title($"[bold]{leg}[/]: who works, who waits").AddColumn("stage");
        Columns(table, "CPU ms/frame", "busy", "waits for a turn", "waits for the next", "waits for input", "workers", "queue before it");
        foreach (var stage in report.Stages(leg))
        {
            table.AddRow(
                stage.Name,
                Text($"{report.StageCpuMsPerFrame(leg, stage.Name):0.00}"),
                Share(stage.Busy),
                Share(stage.Queueing),
                Share(stage.Blocked),
                Share(stage.Starved),
                Text($"{stage.Workers}"),
                Text($"{stage.MeanInput:0.0}")
            );

            string Share(TimeSpan time) => Text($"{stage.Share(time):P0}");
        }

        return table;
    }

    private static void Columns(Table table, params string[] names)
    {
        foreach (var name in names)
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
