using System.Globalization;
using SegBatch.Evaluation;
using SegBatch.Jobs;
using SegBatch.Output;
using SegBatch.Tracking;

namespace SegBatch.Benchmarks.TrackerRace;

/// <summary><c>--trackers</c>: all trackers on the same detections, judged by the truth.</summary>
internal static class RaceProgram
{
    /// <summary>Nothing was tuned on these.</summary>
    private const string ReportedSeeds = "101-112";

    private const string Usage =
        "--trackers [--run OUT --truth DIR] [--mots DIR] [--seeds 101-112] [--only NAME,NAME] [--set KEY=VALUE,…] [--rounds 3] [--markdown FILE] [--json FILE]";

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var options = args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        if (args.Count % 2 != 0)
        {
            Console.Error.WriteLine(Usage);
            return 64;
        }

        try
        {
            var sequences = new List<Sequence>();
            if (options.TryGetValue("--run", out var run))
            {
                sequences.AddRange(RecordedSequences.OfRun(run, options["--truth"]));
            }

            if (options.TryGetValue("--mots", out var mots))
            {
                sequences.AddRange(RecordedSequences.OfMots(mots));
            }

            sequences.AddRange(MakeUp(options.GetValueOrDefault("--seeds", ReportedSeeds)));
            var only = options.GetValueOrDefault("--only")?.Split(',');
            var trackers = Trackers
                .Names.Where(name => name != "none" && (only?.Contains(name) ?? true))
                .Select(name => new Contender(name, Settings(name, options.GetValueOrDefault("--set"))))
                .ToList();
            var rounds = int.Parse(options.GetValueOrDefault("--rounds", "3"), CultureInfo.InvariantCulture);
            var standings = Race.Run(sequences, trackers, rounds);
            Console.Write(RaceTable.Text(standings));
            if (options.TryGetValue("--markdown", out var markdown))
            {
                await File.WriteAllTextAsync(markdown, RaceTable.Markdown(standings));
            }

            if (options.TryGetValue("--json", out var json))
            {
                await File.WriteAllTextAsync(json, RaceTable.Json(standings).ToJsonString(new() { WriteIndented = true }));
            }

            return 0;
        }
        catch (Exception error) when (error is QueryException or EvaluationException or IOException or ArgumentException or FormatException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    /// <summary>A tracker at its defaults, but for what is set.</summary>
    private static TrackingOptions Settings(string tracker, string? words)
    {
        var draft = new JobDraft();
        foreach (var word in (words?.Split(',') ?? []).Append($"tracker={tracker}"))
        {
            var key = OptionKeys.All.FirstOrDefault(key => key.Section == "track" && key.Name == word.Split('=')[0]);
            var (value, problem) = key?.Value.Parse([word[(word.IndexOf('=') + 1)..]]) ?? (null, "there is no such key");
            draft = problem is null ? key!.Apply(draft, value) : throw new ArgumentException($"--set {word}: {problem}");
        }

        return draft.Source.Tracking;
    }

    private static List<Sequence> MakeUp(string seeds)
    {
        var ends = seeds.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        var wanted = from plot in Crowd.Plots from seed in Enumerable.Range(ends[0], ends[^1] - ends[0] + 1) select (plot, seed);
        return [.. wanted.AsParallel().AsOrdered().Select(item => CrowdSequences.Make(item.plot, item.seed))];
    }
}
