using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.Jobs;
using SegBatch.Letterboxing;

namespace SegBatch.Benchmarking;

/// <summary>
/// Measures a job end to end beside the parts it is made of: the bare runtime on the same model file, bare decoding and encoding.
/// The legs take turns, round after round in one process, so that a change of the machine's clock or load meets them all; the first
/// round only warms up, and disturbed rounds do not count.
/// </summary>
/// <param name="job">What to run. Its output folder is used as scratch: every leg's results are deleted.</param>
/// <param name="progress">Told a line for every round.</param>
public sealed class ThroughputBench(JobManifest job, BenchOptions options, Action<string>? progress)
{
    private const int FewestNetworkRuns = 20;

    /// <exception cref="ModelException">The model cannot be used.</exception>
    /// <exception cref="JobException">The job cannot run, or one of its videos failed.</exception>
    /// <exception cref="DecodingException">A source cannot be read.</exception>
    public async Task<BenchReport> RunAsync(CancellationToken stopping)
    {
        var tables = Limited(video: false);
        var both = Limited(video: true);
        var sources = SourceFinder.Find(both);
        var (first, frames) = (sources[0], sources.Count * options.FramesPerVideo);
        var letterbox = first.Options.Letterbox;
        using var facts = Open(tables); // closed before the first leg: every leg has the process to itself
        var (card, device, batch, runsAtOnce) = (facts.Card, facts.Device, facts.BatchSize, facts.MaxConcurrency);
        facts.Dispose();

        var yardstickCard = options.YardstickModel is { } other ? ModelLayouts.Read(other) : card;
        using var own = await PreparedPictures.OpenAsync(card, first, letterbox, batch, stopping);
        using var pictures = await PreparedPictures.OpenAsync(card, first, letterbox, card.FixedBatch ?? 1, stopping);
        using var squares = await SquaresAsync(yardstickCard, first, letterbox, stopping);
        var isOwn = options.YardstickModel is null && squares.Input == pictures.Input;

        var legs = new List<Leg>();
        if (!isOwn)
        {
            legs.Add(BareLeg(BenchReport.Yardstick, yardstickCard, squares));
        }

        legs.Add(BareLeg(BenchReport.Bare, card, pictures));
        legs.Add(
            new(
                BenchReport.Network,
                () =>
                {
                    var model = Open(tables, own);
                    return new(model, _ => Task.Run(() => RunConcurrently(model, own, Runs(batch), stopping), stopping));
                }
            )
        );
        legs.Add(new(BenchReport.Decode, () => new(null, _ => BareCodec.RunAsync(sources, null, stopping))));
        legs.Add(PipelineLeg(BenchReport.Tables, tables));
        if (options.Video)
        {
            var folder = Directory.CreateDirectory(job.Output).FullName;
            legs.Add(new(BenchReport.DecodeAndEncode, () => new(null, _ => BareCodec.RunAsync(sources, folder, stopping))));
            legs.Add(PipelineLeg(BenchReport.TablesAndVideo, both));
        }

        var info = VideoProbe.Probe(first.Path);
        var rounds = await RoundsAsync(legs, stopping);
        return new BenchReport
        {
            Clip = sources.Count == 1 ? Path.GetFileName(first.Path) : $"{sources.Count} videos",
            Frame = info.Size,
            Codec = info.Codec,
            FramesPerRound = rounds.Kept[0].First(leg => leg.Name == BenchReport.Tables).Frames,
            Model = Path.GetFileName(job.Model.Path),
            Device = $"{device}",
            Input = own.Input,
            YardstickModel = Path.GetFileName(yardstickCard.File.Path),
            YardstickInput = isOwn ? null : squares.Input,
            NetworkRunsAtOnce = runsAtOnce,
            Preset = first.Options.Encoding.Preset,
            Rounds = rounds.Kept,
            Discarded = rounds.Discarded,
            IsDisturbed = rounds.IsDisturbed,
        };

        int Runs(int batchSize) => Math.Max(FewestNetworkRuns, frames / (2 * batchSize));

        Leg BareLeg(string name, ModelCard model, PreparedPictures inputs) =>
            new(
                name,
                () =>
                {
                    var network = new BareNetwork(model, device, inputs);
                    network.Run(1, stopping);
                    return new(network, _ => Task.Run(() => network.Run(Runs(inputs.BatchSize), stopping), stopping));
                }
            );

        Leg PipelineLeg(string name, JobManifest what) =>
            new(
                name,
                () =>
                {
                    var model = Open(what, own);
                    return new(model, outcome => PipelineAsync(what, model, outcome, stopping));
                }
            );
    }

    /// <summary>The model as the job opens it, its session ready for the pictures.</summary>
    private static OnnxSegmentationModel Open(JobManifest job, PreparedPictures? pictures = null)
    {
        var model = JobModels.Open(job, Silence.Log);
        if (pictures is not null)
        {
            model.RunOnly(pictures.Input, pictures[0].Memory, CancellationToken.None);
        }

        return model;
    }

    /// <summary>Runs every leg in every round, the first one in turn, until enough undisturbed rounds are there.</summary>
    private async Task<(List<IReadOnlyList<LegResult>> Kept, int Discarded, bool IsDisturbed)> RoundsAsync(
        List<Leg> legs,
        CancellationToken stopping
    )
    {
        var rounds = new List<IReadOnlyList<LegResult>>();
        progress?.Invoke("warming up ...");
        await RoundAsync(legs, 0, stopping);
        while (rounds.Count(IsQuiet) < options.Rounds && rounds.Count < options.MostRounds)
        {
            var round = await RoundAsync(legs, rounds.Count, stopping);
            rounds.Add(round);
            var foreign = Foreign(round);
            progress?.Invoke(
                $"round {rounds.Count}: tables {round.First(leg => leg.Name == BenchReport.Tables).FramesPerSecond:0.0} fps"
                    + (IsQuiet(round) ? "" : $", does not count: other programs took {foreign:P0} of the machine")
            );
        }

        var kept = rounds.OrderBy(Foreign).Take(options.Rounds).ToList();
        return (kept, rounds.Count - kept.Count, !kept.All(IsQuiet));
    }

    private bool IsQuiet(IReadOnlyList<LegResult> round) => Foreign(round) <= options.MostForeignShare;

    private static double Foreign(IReadOnlyList<LegResult> round) => round.Max(leg => leg.Cost.ForeignShare ?? 0);

    private async Task<IReadOnlyList<LegResult>> RoundAsync(List<Leg> legs, int number, CancellationToken stopping)
    {
        var results = new List<LegResult>();
        for (var i = 0; i < legs.Count; i++)
        {
            stopping.ThrowIfCancellationRequested();
            var leg = legs[(i + number) % legs.Count];
            var outcome = new PipelineOutcome();
            var frames = 0L;
            var work = leg.Open();
            using var held = work.Held;
            var cost = await LegMeter.MeasureAsync(async () => frames = await work.Run(outcome));
            var written = outcome.Folder is { } folder ? BytesUnder(folder) : 0;
            if (outcome.Folder is not null)
            {
                Directory.Delete(outcome.Folder, recursive: true);
            }

            results.Add(new LegResult(leg.Name, frames, cost, outcome.Stages, written));
        }

        return results;
    }

    private static async Task<long> PipelineAsync(
        JobManifest job,
        OnnxSegmentationModel model,
        PipelineOutcome outcome,
        CancellationToken stopping
    )
    {
        var runner = new JobRunner(job, Silence.Instance, Silence.Log);
        outcome.Folder = job.Output;
        var summary = await runner.RunAsync(model, stopping);
        stopping.ThrowIfCancellationRequested();
        if (summary.Rejected > 0)
        {
            throw new JobException(
                JobFailure.Configuration,
                $"{summary.Rejected} of {summary.Videos} videos cannot be read; leave them out."
            );
        }

        outcome.Stages = StageSums.Of(runner.Outcomes.Values.SelectMany(video => video.Pipeline.Stages));
        return summary.Frames;
    }

    /// <summary>The network as the pipeline runs it: several runs at once, of one thread each on the CPU.</summary>
    private static long RunConcurrently(OnnxSegmentationModel model, PreparedPictures pictures, int runs, CancellationToken stopping)
    {
        Parallel.For(
            0,
            runs,
            new ParallelOptions { MaxDegreeOfParallelism = model.MaxConcurrency, CancellationToken = stopping },
            i => model.RunOnly(pictures.Input, pictures[i].Memory, stopping)
        );
        return (long)runs * pictures.BatchSize;
    }

    /// <summary>The same frames in the full square.</summary>
    private static Task<PreparedPictures> SquaresAsync(
        ModelCard card,
        FoundSource source,
        LetterboxOptions letterbox,
        CancellationToken stopping
    ) =>
        PreparedPictures.OpenAsync(
            card,
            source,
            card.IsDynamic ? letterbox with { Letterbox = LetterboxShape.Square } : letterbox,
            card.FixedBatch ?? 1,
            stopping
        );

    private JobManifest Limited(bool video) =>
        job with
        {
            Output = Path.Combine(job.Output, video ? "video" : "tables"),
            Sources = [.. job.Sources.Select(source => source with { Options = Limited(source.Options, video) })],
        };

    /// <summary>As many frames as asked for, unless the job says where to end.</summary>
    private SourceOptions Limited(SourceOptions source, bool video) =>
        source with
        {
            Decoding = source.Decoding with
            {
                End =
                    source.Decoding.End
                    ?? Moment.AtFrame((source.Decoding.Start?.Frame ?? 0) + ((long)options.FramesPerVideo * source.Decoding.Stride)),
            },
            Encoding = source.Encoding with { Video = video },
        };

    private static long BytesUnder(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <param name="Open">Makes ready what the leg needs; what it holds is disposed behind it. Neither is measured.</param>
    private sealed record Leg(string Name, Func<Work> Open);

    /// <param name="Run">Returns the number of frames.</param>
    private sealed record Work(IDisposable? Held, Func<PipelineOutcome, Task<long>> Run);

    private sealed class PipelineOutcome
    {
        public string? Folder { get; set; }

        public IReadOnlyList<Pipeline.StageReport> Stages { get; set; } = [];
    }
}
