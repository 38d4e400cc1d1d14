using System.CommandLine;
using SegBatch.Benchmarking;
using SegBatch.Demo;
using SegBatch.Jobs;

namespace SegBatch.Cli;

/// <summary><c>segbatch bench</c>: how fast a job is, where its time goes, and what the bare runtime does on the same machine.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var arguments = new JobArguments();
        var defaults = new BenchOptions();
        var rounds = new Option<int>("--rounds")
        {
            Description = "Undisturbed rounds to measure; each runs everything once.",
            DefaultValueFactory = _ => defaults.Rounds,
            HelpName = "N",
        };
        var frames = new Option<int>("--frames")
        {
            Description = "Frames to read of each video.",
            DefaultValueFactory = _ => defaults.FramesPerVideo,
            HelpName = "N",
        };
        var yardstick = new Option<string?>("--against")
        {
            Description = "Another model file for the bare runtime: a quantised model against its original.",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "Write one JSON object instead of tables." };
        var picture = new Option<string?>("--picture")
        {
            Description = "Also draw where the time of a frame goes, as an SVG.",
            HelpName = "FILE",
        };
        var command = new Command(
            "bench",
            """
            Measure a job end to end beside the bare runtime on the same model, bare decoding and bare encoding, in turns.
            CPU time per frame is the figure to trust; rounds that other programs disturb do not count. Nothing is kept:
            --out names a folder for scratch files. Without arguments the demo is measured.

            Examples:
              segbatch bench
              segbatch bench --source gate.mp4 --model yolov8n-seg.onnx
              segbatch bench job.yaml --frames 200 --rounds 3 --picture bench.svg
            """
        )
        {
            rounds,
            frames,
            yardstick,
            json,
            picture,
        };
        arguments.AddTo(command);
        foreach (var option in new[] { rounds, frames })
        {
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1)
                {
                    result.AddError($"{option.Name} must be at least 1.");
                }
            });
        }

        command.SetAction(
            (parsed, stopping) =>
                Task.Run(
                    () =>
                        RunAsync(
                            arguments,
                            parsed,
                            new BenchOptions
                            {
                                Rounds = parsed.GetValue(rounds),
                                FramesPerVideo = parsed.GetValue(frames),
                                YardstickModel = parsed.GetValue(yardstick),
                            },
                            parsed.GetValue(json),
                            parsed.GetValue(picture),
                            stopping
                        ),
                    CancellationToken.None
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        JobArguments arguments,
        ParseResult parsed,
        BenchOptions options,
        bool json,
        string? picture,
        CancellationToken stopping
    )
    {
        var place = arguments.Output(parsed) ?? Path.GetTempPath();
        var scratch = Path.GetFullPath(Path.Combine(place, $"segbatch-bench-{Environment.ProcessId}"));
        try
        {
            var output = Path.Combine(scratch, "out");
            var job = arguments.IsEmpty(parsed)
                ? ManifestReader.Read(
                    await DemoCommand.WriteAsync(Path.Combine(scratch, "demo"), stopping),
                    new JobOverrides
                    {
                        Output = output,
                        Sources = [DemoArchive.LongestClip],
                        Folder = Path.Combine(scratch, "demo", "archive"),
                    }
                )
                : arguments.Read(parsed, output);
            var video = job.Sources.All(source => source.Options.Encoding.Video);
            var report = await new ThroughputBench(job, options with { Video = video }, Console.Error.WriteLine).RunAsync(stopping);
            if (json)
            {
                Console.Out.WriteLine(BenchJson.Of(report).ToJsonString(RecordJson.Options));
            }
            else
            {
                BenchView.Write(OutputConsole.Create(), report);
            }

            if (picture is not null)
            {
                await DrawAsync(report, picture, stopping);
            }

            return (int)ExitCode.AllDone;
        }
        finally
        {
            if (Directory.Exists(scratch))
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }

    /// <summary>After everything is told: minutes of measuring are not lost to a wrong path.</summary>
    private static async Task DrawAsync(BenchReport report, string picture, CancellationToken stopping)
    {
        try
        {
            await File.WriteAllTextAsync(picture, BenchPicture.Draw(report), stopping);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JobException(JobFailure.CannotWrite, $"The picture cannot be written to {picture}: {error.Message}", error);
        }
    }
}
