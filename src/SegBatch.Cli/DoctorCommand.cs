using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace SegBatch.Cli;

/// <summary><c>segbatch doctor</c>: what this machine has, what really works, and what to do about the rest.</summary>
internal static class DoctorCommand
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for a terminal or a file, never for a web page
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Write the findings as JSON." };
        var command = new Command(
            "doctor",
            """
            Show what this machine has: FFmpeg and its hardware decoders, ONNX Runtime and the providers that really run a network,
            DuckDB, a font, processor, memory and disk. Ends with 0 when jobs can run, with 78 and what to do when they cannot.
            """
        )
        {
            json,
        };
        command.SetAction(parsed => Run(parsed.GetValue(json)));
        return command;
    }

    private static int Run(bool asJson)
    {
        List<DoctorFinding> findings = [.. DoctorLibraries.Find(), .. DoctorMachine.Find()];
        var isReady = findings.TrueForAll(finding => finding.Status != DoctorStatus.Missing);
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { Ready = isReady, Findings = findings }, s_json));
        }
        else if (Console.IsOutputRedirected)
        {
            WritePlain(findings, isReady);
        }
        else
        {
            WriteTable(AnsiConsole.Console, findings, isReady);
        }

        return (int)(isReady ? ExitCode.AllDone : ExitCode.Configuration);
    }

    private static void WritePlain(List<DoctorFinding> findings, bool isReady)
    {
        foreach (var finding in findings)
        {
            Console.WriteLine($"{Word(finding.Status), -9}{finding.Group, -14}{finding.Name, -14}{finding.Value}");
        }

        Console.WriteLine();
        foreach (var remedy in Remedies(findings))
        {
            Console.WriteLine($"To do: {remedy}");
        }

        Console.WriteLine(Conclusion(isReady));
    }

    private static void WriteTable(IAnsiConsole console, List<DoctorFinding> findings, bool isReady)
    {
        foreach (var group in findings.GroupBy(finding => finding.Group))
        {
            console.MarkupLine($"[bold]{Markup.Escape(group.Key)}[/]");
            var grid = new Grid().AddColumn(new GridColumn().Width(9)).AddColumn(new GridColumn().Width(14)).AddColumn();
            foreach (var finding in group)
            {
                var color = finding.Status switch
                {
                    DoctorStatus.Ok => "green",
                    DoctorStatus.Note => "yellow",
                    _ => "red",
                };
                grid.AddRow($"  [{color}]{Word(finding.Status)}[/]", Markup.Escape(finding.Name), Markup.Escape(finding.Value));
            }

            console.Write(grid);
        }

        console.WriteLine();
        foreach (var remedy in Remedies(findings))
        {
            console.MarkupLine($"[yellow]To do:[/] {Markup.Escape(remedy)}");
        }

        console.MarkupLine($"[bold {(isReady ? "green" : "red")}]{Conclusion(isReady)}[/]");
    }

    private static IEnumerable<string> Remedies(List<DoctorFinding> findings) =>
        findings.Select(finding => finding.Remedy).OfType<string>().Distinct();

    private static string Word(DoctorStatus status) =>
        status switch
        {
            DoctorStatus.Ok => "ok",
            DoctorStatus.Note => "note",
            _ => "missing",
        };

    private static string Conclusion(bool isReady) => isReady ? "This machine can run jobs." : "This machine cannot run jobs yet.";
}
