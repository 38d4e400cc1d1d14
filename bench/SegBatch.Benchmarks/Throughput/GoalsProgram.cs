using System.Text.Json.Nodes;
using SegBatch.Benchmarking;
using SegBatch.Inference;
using SegBatch.Jobs;

namespace SegBatch.Benchmarks.Throughput;

/// <summary><c>--goals</c>: measures every goal on this machine and prints the table: goal, figure, verdict.</summary>
internal static class GoalsProgram
{
    private const string Usage =
        "--goals --root DIR --data DIR [--only C1,C2,…] [--rounds 5] [--frames 100] [--json FILE] [--picture FILE.svg]";

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var options = args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        if (args.Count % 2 != 0 || !options.TryGetValue("--root", out var root) || !options.TryGetValue("--data", out var data))
        {
            Console.Error.WriteLine(Usage);
            return 64;
        }

        var only = options.GetValueOrDefault("--only")?.Split(',').ToHashSet(StringComparer.OrdinalIgnoreCase);
        var rounds = int.Parse(options.GetValueOrDefault("--rounds", "5"), System.Globalization.CultureInfo.InvariantCulture);
        var frames = int.Parse(options.GetValueOrDefault("--frames", "100"), System.Globalization.CultureInfo.InvariantCulture);
        var place = new Workplace(Path.GetFullPath(root), Path.GetFullPath(data));
        var measures = Measures(place, rounds, frames, Path.GetFullPath(root), options.GetValueOrDefault("--picture"));
        var json = new JsonArray();
        var missed = 0;
        try
        {
            foreach (var goal in Goal.All.Where(goal => only?.Contains(goal.Id) ?? true))
            {
                var (figure, isBroken) = await MeasureAsync(measures[goal.Id]);
                var verdict = figure.Value is { } value ? goal.Verdict(value) : "not measured";
                missed += verdict == "missed" || isBroken ? 1 : 0;
                Console.WriteLine(
                    $"{goal.Id, -4} {goal.Measure, -70} goal {goal.Bound(goal.Good), -9} best {goal.Bound(goal.Best), -9} {(figure.Value is { } known ? goal.Text(known) : "-"), 9}  {verdict}"
                );
                Console.WriteLine($"     {figure.Detail}");
                json.Add(
                    new JsonObject
                    {
                        ["goal"] = goal.Id,
                        ["measure"] = goal.Measure,
                        ["good"] = goal.Good,
                        ["best"] = goal.Best,
                        ["unit"] = goal.Unit,
                        ["figure"] = figure.Value,
                        ["verdict"] = verdict,
                        ["detail"] = figure.Detail,
                    }
                );
            }
        }
        finally
        {
            Directory.Delete(place.Scratch, recursive: true);
        }

        if (options.GetValueOrDefault("--json") is { } file)
        {
            await File.WriteAllTextAsync(file, json.ToJsonString(new() { WriteIndented = true }));
        }

        return missed == 0 ? 0 : 2;
    }

    /// <summary>What one goal needs may be missing; the others are measured all the same.</summary>
    private static async Task<(GoalFigure Figure, bool IsBroken)> MeasureAsync(Func<Task<GoalFigure>> measure)
    {
        try
        {
            return (await measure(), false);
        }
        catch (Exception error) when (error is InvalidOperationException or IOException or ModelException or JobException)
        {
            return (GoalFigure.Missing(error.Message), true);
        }
    }

    /// <summary>How each goal is measured. Goals that one run answers share it.</summary>
    private static Dictionary<string, Func<Task<GoalFigure>>> Measures(
        Workplace place,
        int rounds,
        int frames,
        string root,
        string? picture
    )
    {
        var ends = new EndToEnd(place, rounds, frames);
        var jobs = new WholeJobs(place, rounds);
        var soundness = new Soundness(place);
        var square = new Lazy<Task<BenchReport>>(async () =>
        {
            var report = await ends.SquareAsync();
            if (picture is not null)
            {
                await File.WriteAllTextAsync(picture, BenchPicture.Draw(report));
            }

            return report;
        });
        return new()
        {
            ["C1"] = async () => EndToEnd.Ratio(await square.Value, BenchReport.Tables, BenchReport.Bare),
            ["C2"] = async () => EndToEnd.Ratio(await square.Value, BenchReport.TablesAndVideo, BenchReport.Bare),
            ["C3"] = async () => EndToEnd.Ratio(await ends.RectangleAsync(), BenchReport.Tables, BenchReport.Yardstick),
            ["C4"] = ends.Int8Async,
            ["C5"] = async () => EndToEnd.Own(await square.Value),
            ["C6"] = () => Task.FromResult(KernelTimes.Mask()),
            ["C7"] = () => KernelTimes.LetterboxAsync(root, place.Scratch),
            ["C8"] = () => Task.FromResult(KernelTimes.ByteTrack()),
            ["C9"] = () => Task.FromResult(KernelTimes.CameraMotion()),
            ["C10"] = jobs.MemoryOverTimeAsync,
            ["C11"] = jobs.MemoryAsync,
            ["C12"] = jobs.ManyFilesAsync,
            ["C13"] = soundness.AllocationsAsync,
            ["C14"] = KernelTimes.SchedulerAsync,
            ["C15"] = jobs.FirstResultAsync,
            ["C16"] = jobs.SizeAsync,
            ["C17"] = soundness.DifferencesAsync,
            ["C18"] = soundness.StopsAsync,
        };
    }
}
