using System.CommandLine;
using System.Globalization;
using SegBatch.Evaluation;
using SegBatch.Jobs;
using SegBatch.Output;

namespace SegBatch.Cli;

/// <summary><c>segbatch verify</c>: how far a run agrees with what another program recorded on the same clip.</summary>
internal static class VerifyCommand
{
    /// <summary>Short words for the figures that are asked for most.</summary>
    private static readonly Dictionary<string, string> Short = new() { ["mask"] = "mask_mean", ["ids"] = "ids_equal" };

    public static Command Create()
    {
        var recording = new Argument<string>("REFERENCE") { Description = "A recording: .jsonl or .jsonl.gz. Its format: docs/parity.md." };
        var folder = new Argument<string>("OUT") { Description = "The output folder of a run over the same clip." };
        var video = new Option<string?>("--video")
        {
            Description = "Key of the video to compare (default: the only one, or the one named as the clip).",
            HelpName = "KEY",
        };
        var offset = new Option<long>("--offset")
        {
            Description = "Recorded frame that is frame 0 of the run (default: 0).",
            HelpName = "N",
        };
        var common = new Option<bool>("--common-frames")
        {
            Description = "Leave out recorded frames that the run does not have; else what they hold counts as lost.",
        };
        var details = new Option<int>("--details")
        {
            Description = "List up to N detections that were lost and N that were gained (default: 0).",
            HelpName = "N",
        };
        var require = new Option<string[]>("--require")
        {
            Description = "Figures that must be reached, such as recall=0.998,mask=0.99,box_p99=1; exit code 2 if one is not.",
            HelpName = "NAME=LIMIT,…",
            AllowMultipleArgumentsPerToken = true,
        };
        var json = new Option<bool>("--json") { Description = "Write one JSON object instead of a table." };
        var command = new Command(
            "verify",
            """
            Compare a run with a recording of another program on the same clip: boxes, scores, masks, track ids.

            Examples:
              segbatch verify gate.predict.jsonl.gz out
              segbatch verify gate.retina.jsonl.gz out --require recall=0.998,mask=0.99
              segbatch verify gate.bytetrack.jsonl.gz out --details 20
            """
        )
        {
            recording,
            folder,
            video,
            offset,
            common,
            details,
            require,
            json,
        };
        command.Validators.Add(result =>
        {
            foreach (var problem in Requirements(result.GetValue(require) ?? []).Problems)
            {
                result.AddError(problem);
            }
        });
        command.SetAction(
            (parsed, stopping) =>
                Task.Run(
                    () =>
                    {
                        try
                        {
                            OutputFolder.Settle(parsed.GetRequiredValue(folder));
                            var recorded = RecordingReader.Read(parsed.GetRequiredValue(recording));
                            var run = RunInstances.Read(parsed.GetRequiredValue(folder), parsed.GetValue(video), recorded.Clip);
                            stopping.ThrowIfCancellationRequested();
                            var agreement = Comparison.Of(recorded, run, parsed.GetValue(offset), parsed.GetValue(common));
                            var required = Requirements(parsed.GetValue(require) ?? []).Limits;
                            var view = new VerifyView(recorded, run, agreement, required, parsed.GetValue(details));
                            view.Write(parsed.GetValue(json));
                            return (int)(view.IsMissed ? ExitCode.Partial : ExitCode.AllDone);
                        }
                        catch (Exception error) when (error is RecordingException or QueryException)
                        {
                            Console.Error.WriteLine(error.Message);
                            return (int)ExitCode.Usage;
                        }
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    /// <summary>Limits by the figure's name, and what is wrong with the words.</summary>
    private static (Dictionary<string, double> Limits, List<string> Problems) Requirements(string[] words)
    {
        var names = AgreementFigure.Names;
        var limits = new Dictionary<string, double>();
        var problems = new List<string>();
        foreach (var word in words.SelectMany(word => word.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            var parts = word.Split('=', 2);
            var name = Short.GetValueOrDefault(parts[0], parts[0]);
            if (!names.Contains(name))
            {
                problems.Add($"--require: there is no figure '{parts[0]}'. Figures: {string.Join(", ", names)}.");
            }
            else if (
                parts.Length < 2
                || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var limit)
                || !double.IsFinite(limit)
            )
            {
                problems.Add($"--require: '{word}' gives no limit; write {parts[0]}=NUMBER.");
            }
            else
            {
                limits[name] = limit;
            }
        }

        return (limits, problems);
    }
}
