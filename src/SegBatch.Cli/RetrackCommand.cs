using System.CommandLine;
using SegBatch.Jobs;
using SegBatch.Retracking;

namespace SegBatch.Cli;

/// <summary><c>segbatch retrack</c>: other tracks for a finished run, from its tables.</summary>
internal static class RetrackCommand
{
    public const string Name = "retrack";

    public static Command Create()
    {
        var folder = new Argument<string>("OUT") { Description = "The output folder of a run." };
        var options = new OptionArguments(key => key.Section == "track" || key.FullName == "run.videos");
        var again = new Option<bool>("--again") { Description = "Track also those videos again that have tracks of these options." };
        var log = ProgressDisplay.LogOption();
        var command = new Command(
            Name,
            """
            Track a finished run again, with another tracker or other options, from its tables: no video is read, no network runs. The tables
            are replaced, video by video, and become what a run with these options had written; options that are not given stay as they were.
            Tracking again with the options of before brings the tables of before back. Annotated videos keep the tracks they were drawn with.

            Examples:
              segbatch retrack out --tracker ocsort
              segbatch retrack out --lost-seconds 3
              segbatch retrack out --tracker bytetrack --track-high-thresh 0.5 --new-track-thresh 0.6
            """
        )
        {
            folder,
        };
        options.AddTo(command);
        command.Options.Add(again);
        command.Options.Add(log);
        command.SetAction(
            (parsed, _) =>
            {
                var warnings = new List<string>();
                var job = new RetrackJob
                {
                    Output = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetRequiredValue(folder))),
                    Options = options.Overrides(parsed, warnings),
                    Again = parsed.GetValue(again),
                };
                return RunAsync(job, warnings, parsed.GetValue(log) ?? "auto");
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(RetrackJob job, List<string> warnings, string log)
    {
        await using var progress = ProgressDisplay.Create(log);
        warnings.ForEach(warning => progress.Report(new JobEvent.Note(warning)));
        using var signals = new StopSignals(progress);
        var summary = await Task.Run(() => new RetrackRunner(job, progress).Run(signals.Token), CancellationToken.None);
        return (int)(
            summary.Stopped ? ExitCode.Stopped
            : summary.Rejected > 0 ? ExitCode.Partial
            : ExitCode.AllDone
        );
    }
}
