using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using SegBatch.Demo;
using SegBatch.Jobs;
using SegBatch.Native;

namespace SegBatch.Benchmarks.Throughput;

/// <summary>C13, C17, C18: what must stay as it is however a job is run. The demo archive with its own model.</summary>
internal sealed class Soundness(Workplace place)
{
    private const int Stops = 20;
    private const int FilesBeforeKill = 8; // two videos are done, others under way

    private sealed class Deaf : IProgress<JobEvent>
    {
        public void Report(JobEvent value) { }
    }

    /// <summary>The difference between a long and a short run, so that what a video costs once is not counted.</summary>
    public async Task<GoalFigure> AllocationsAsync()
    {
        const int Brief = 300;
        const int Lasting = 1500;
        await AllocatedAsync(Brief);
        var (brief, _) = await AllocatedAsync(Brief);
        var (lasting, collections) = await AllocatedAsync(Lasting);
        return new(
            (lasting - brief) / (double)(Lasting - Brief),
            Text($"frames {Brief} to {Lasting} of pedestrians at 160, tables and tracks; {collections} gen-2 collections")
        );
    }

    public async Task<GoalFigure> DifferencesAsync()
    {
        var archive = await ArchiveAsync();
        var clips = Directory
            .GetFiles(archive)
            .Where(file => !Path.GetFileName(file).StartsWith('.'))
            .Order(StringComparer.Ordinal)
            .ToArray();
        var expected = await HashesAsync("one", clips, 1);
        var (different, runs) = (0, 0);
        foreach (var (name, order, workers) in new[] { ("two", clips, 2), ("four", clips, 4), ("reversed", [.. clips.Reverse()], 2) })
        {
            different += Different(expected, await HashesAsync(name, order, workers));
            runs++;
        }

        var killed = Path.Combine(place.Scratch, "killed");
        var (_, _, code, _) = await place.SegBatchAsync(
            () => Directory.Exists(killed) && Hashes(killed).Count >= FilesBeforeKill,
            Arguments(killed, clips, 2)
        );
        var before = Hashes(killed).Count;
        await place.SegBatchAsync(null, Arguments(killed, clips, 2));
        different += Different(expected, Hashes(killed));
        return new(
            different,
            Text(
                $"{expected.Count} files in each of {runs + 2} runs: 1, 2, 4 videos at once, order reversed, killed (code {code}, {before} files there) and resumed"
            )
        );
    }

    public async Task<GoalFigure> StopsAsync()
    {
        var archive = await ArchiveAsync();
        var random = new Random(5);
        var (longest, leaked) = (TimeSpan.Zero, 0L);
        for (var stop = 0; stop <= Stops; stop++)
        {
            var before = NativeBuffers.Outstanding;
            using var stopping = new CancellationTokenSource();
            var output = Path.Combine(place.Scratch, "stop");
            var job = ManifestReader.Create(
                new JobOverrides
                {
                    Sources = [archive],
                    Model = place.DemoModel,
                    Output = output,
                }
            );
            Task run = Task.Run(() => new JobRunner(job, new Deaf(), NullLogger.Instance).RunAsync(stopping.Token));
            await Task.Delay(random.Next(100, 2500));
            var asked = Stopwatch.GetTimestamp();
            await stopping.CancelAsync();
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // stopped before the first video is thrown, and is as good
            if (stop > 0)
            {
                longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(asked).Ticks));
            }

            leaked += NativeBuffers.Outstanding - before;
            Directory.Delete(output, recursive: true);
        }

        return leaked > 0
            ? GoalFigure.Missing($"{leaked} native buffers were left behind")
            : new(longest.TotalSeconds, Text($"longest of {Stops}; no native buffer left behind"));
    }

    private async Task<(long Bytes, int Gen2)> AllocatedAsync(int frames)
    {
        var output = Path.Combine(place.Scratch, "allocated");
        var job = ManifestReader.Create(
            new JobOverrides
            {
                Sources = [await place.PedestriansAsync(frames)],
                Model = place.DynamicModel,
                Output = output,
                Options = draft =>
                    draft with
                    {
                        Source = draft.Source with
                        {
                            Letterbox = draft.Source.Letterbox with { ImgSz = (160, 160) },
                            Encoding = draft.Source.Encoding with { Video = false },
                        },
                    },
            }
        );
        var (before, collections) = (GC.GetTotalAllocatedBytes(precise: true), GC.CollectionCount(2));
        await new JobRunner(job, new Deaf(), NullLogger.Instance).RunAsync(CancellationToken.None);
        var result = (GC.GetTotalAllocatedBytes(precise: true) - before, GC.CollectionCount(2) - collections);
        Directory.Delete(output, recursive: true);
        return result;
    }

    private async Task<string> ArchiveAsync()
    {
        var archive = Path.Combine(place.Scratch, "archive");
        await DemoArchive.EnsureAsync(archive, null, CancellationToken.None);
        return archive;
    }

    private async Task<Dictionary<string, string>> HashesAsync(string name, string[] clips, int workers)
    {
        var output = Path.Combine(place.Scratch, name);
        await place.SegBatchAsync(null, Arguments(output, clips, workers));
        return Hashes(output);
    }

    private string[] Arguments(string output, string[] clips, int workers) =>
        ["run", "--source", .. clips, "--model", place.DemoModel, "--out", output, "--videos", $"{workers}", "--no-video"];

    private static Dictionary<string, string> Hashes(string output) =>
        Directory
            .GetFiles(output, "*.parquet", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/staging/", StringComparison.Ordinal))
            .ToDictionary(
                file => Path.GetRelativePath(output, file),
                file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))
            );

    private static int Different(Dictionary<string, string> expected, Dictionary<string, string> found) =>
        expected.Keys.Union(found.Keys).Count(file => expected.GetValueOrDefault(file) != found.GetValueOrDefault(file));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
