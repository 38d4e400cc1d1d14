using System.CommandLine;
using SegBatch.Evaluation;
using SegBatch.Jobs;
using SegBatch.Output;

namespace SegBatch.Cli;

/// <summary><c>segbatch eval</c>: how good a run is, against the truth.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("OUT") { Description = "The output folder of a run." };
        var truth = new Option<string>("--truth")
        {
            Description = "What is true: our tables (Parquet: a file, a folder, an output folder), COCO JSON, or text of MOT or MOTS.",
            HelpName = "PATH",
            Required = true,
        };
        var video = new Option<string?>("--video")
        {
            Description = "Evaluate this video only; with a single text as truth, the video that it is about.",
            HelpName = "KEY",
        };
        var common = new Option<bool>("--common-videos") { Description = "Leave out videos of the truth that the run does not have." };
        var annotated = new Option<bool>("--annotated-frames")
        {
            Description =
                "Leave out frames without truth; else what is found in them is wrong. Always so with COCO, which lists its images.",
        };
        var visible = new Option<double>("--min-visible")
        {
            Description = "Ask only for objects of which at least this share is seen, by the truth's column `visible` (default: 0).",
            HelpName = "SHARE",
        };
        var classes = new Option<string[]>("--classes")
        {
            Description =
                "Names of the class numbers of MOT and MOTS, such as 1=person,2=car; others are left out (default: the run's numbers).",
            HelpName = "N=NAME,…",
            AllowMultipleArgumentsPerToken = true,
        };
        var agnostic = new Option<bool>("--agnostic") { Description = "All classes as one." };
        var trackOn = new Option<string?>("--track-on")
        {
            Description = "What tracks are compared on (default: masks where the truth has them).",
            HelpName = "mask|box",
        };
        trackOn.AcceptOnlyFromAmong("mask", "box");
        var noBoundary = new Option<bool>("--no-boundary") { Description = "Without boundary AP, which takes most of the time." };
        var json = new Option<bool>("--json")
        {
            Description = "Write one JSON object with everything, curves included, instead of tables.",
        };
        var output = new Option<string?>("--out")
        {
            Description = "Also write every number as a row of this Parquet file.",
            HelpName = "FILE.parquet",
        };
        var command = new Command(
            "eval",
            """
            Evaluate a run against the truth: mask, boundary and box AP, precision and recall, HOTA, CLEAR, identity.

            Examples:
              segbatch eval segbatch-demo/out --truth segbatch-demo/archive/truth --min-visible 0.35
              segbatch eval out --truth annotations.json --json
              segbatch eval out --truth MOT17-02/gt/gt.txt --video MOT17-02 --classes 1=person
            """
        )
        {
            folder,
            truth,
            video,
            common,
            annotated,
            visible,
            classes,
            agnostic,
            trackOn,
            noBoundary,
            json,
            output,
        };
        command.Validators.Add(result =>
        {
            foreach (var word in Words(result.GetValue(classes)).Where(word => Class(word) is null))
            {
                result.AddError($"--classes: '{word}' names no class; write NUMBER=NAME.");
            }
        });
        command.SetAction(
            (parsed, stopping) =>
                Task.Run(
                    () =>
                    {
                        var options = new EvaluationOptions
                        {
                            Video = parsed.GetValue(video),
                            CommonVideos = parsed.GetValue(common),
                            AnnotatedFrames = parsed.GetValue(annotated),
                            Agnostic = parsed.GetValue(agnostic),
                            Boundary = !parsed.GetValue(noBoundary),
                            TrackOn = parsed.GetValue(trackOn) switch
                            {
                                "mask" => OverlapKind.Mask,
                                "box" => OverlapKind.Box,
                                _ => null,
                            },
                        };
                        var words = Words(parsed.GetValue(classes)).Select(word => Class(word)!.Value).ToList();
                        var names =
                            words.Count == 0 ? null : words.DistinctBy(word => word.Id).ToDictionary(word => word.Id, word => word.Name);
                        try
                        {
                            OutputFolder.Settle(parsed.GetRequiredValue(folder));
                            using var run = RunTables.Open(parsed.GetRequiredValue(folder));
                            var known = TruthFile.Read(parsed.GetRequiredValue(truth), run, options.Video, parsed.GetValue(visible), names);
                            using var owned = known as IDisposable;
                            var report = Evaluator.Of(known, run, options, stopping);
                            if (parsed.GetValue(output) is { } file)
                            {
                                EvaluationTable.Write(report, file);
                            }

                            new EvalView(report).Write(parsed.GetValue(json));
                            return (int)ExitCode.AllDone;
                        }
                        catch (Exception error) when (error is EvaluationException or QueryException)
                        {
                            Console.Error.WriteLine(error.Message);
                            return (int)ExitCode.Usage;
                        }
                        catch (IOException error)
                        {
                            Console.Error.WriteLine(error.Message);
                            return (int)ExitCode.CannotWrite;
                        }
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    private static IEnumerable<string> Words(string[]? words) =>
        (words ?? []).SelectMany(word => word.Split(',', StringSplitOptions.RemoveEmptyEntries));

    private static (int Id, string Name)? Class(string word) =>
        word.Split('=', 2) is [var id, { Length: > 0 } name] && int.TryParse(id, out var number) ? (number, name) : null;
}
