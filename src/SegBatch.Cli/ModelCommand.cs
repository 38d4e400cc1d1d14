using System.CommandLine;
using SegBatch.Detection;
using SegBatch.Inference;

namespace SegBatch.Cli;

/// <summary><c>segbatch model</c>: what a model file is, how it would be fed, what comes out, where it would run.</summary>
internal static class ModelCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "An ONNX file." };
        var device = new Option<string>("--device")
        {
            Description = "Device to check for (default: auto).",
            HelpName = "auto|cpu|cuda[:N]|tensorrt[:N]",
            DefaultValueFactory = _ => "auto",
        };
        var layout = new Option<string?>("--layout")
        {
            Description = "Layout of its outputs, where the file does not tell.",
            HelpName = "NAME",
        };
        layout.AcceptOnlyFromAmong([.. ModelLayouts.Names]);
        var all = new Option<bool>("--all") { Description = "Also say of every other layout why the file is not of it." };
        var json = new Option<bool>("--json") { Description = "Write one JSON object instead of text." };
        var command = new Command(
            "model",
            """
            Say what a model is: input, outputs, classes, metadata, and whether and where it would run.

            Examples:
              segbatch model yolov8n-seg.onnx
              segbatch model yolov8n-seg.onnx --json | jq .classes
            """
        )
        {
            file,
            device,
            layout,
            all,
            json,
        };
        command.SetAction(parsed =>
            Run(
                parsed.GetRequiredValue(file),
                parsed.GetRequiredValue(device),
                parsed.GetValue(layout),
                parsed.GetValue(all),
                parsed.GetValue(json)
            )
        );
        return command;
    }

    /// <returns>0 for a model that can segment here; otherwise why not, after everything that is known was shown.</returns>
    private static int Run(string file, string device, string? layout, bool all, bool json)
    {
        try
        {
            var report = ModelReport.Of(file, device, layout);
            if (json)
            {
                Console.Out.WriteLine(ModelView.Json(report));
            }
            else
            {
                ModelView.Write(OutputConsole.Create(), report, all);
            }

            return (int)(report.Problem is null ? ExitCode.AllDone : report.CodeOfProblem);
        }
        catch (ModelException error)
        {
            Console.Error.WriteLine(error.Message);
            return (int)ExitCode.Configuration;
        }
    }
}
