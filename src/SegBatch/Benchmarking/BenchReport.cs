using SegBatch.Geometry;
using SegBatch.Pipeline;

namespace SegBatch.Benchmarking;

/// <summary>What a bench measured: every counted round, and the medians that matter. Ratios are taken inside a round, then their median.</summary>
public sealed record BenchReport
{
    /// <summary>The bare runtime on the full square, with another model if one was named; only where that is not <see cref="Bare"/>.</summary>
    public const string Yardstick = "bare runtime, yardstick";

    public const string Bare = "bare runtime";
    public const string Network = "network as the pipeline runs it";
    public const string Decode = "bare decoding";
    public const string DecodeAndEncode = "bare decoding and encoding";
    public const string Tables = "tables";
    public const string TablesAndVideo = "tables and video";

    private const string InferStage = "infer";
    private const string DecodeStage = "decode";

    public required string Clip { get; init; }

    /// <summary>Pixels of the first video's frames.</summary>
    public required FrameSize Frame { get; init; }

    public required string Codec { get; init; }

    public required long FramesPerRound { get; init; }

    public required string Model { get; init; }

    public required string Device { get; init; }

    /// <summary>What the network was fed with, pixels.</summary>
    public required FrameSize Input { get; init; }

    /// <summary>Model file of <see cref="Yardstick"/>.</summary>
    public required string YardstickModel { get; init; }

    /// <summary>What <see cref="Yardstick"/> was fed with; null where that leg was not needed.</summary>
    public required FrameSize? YardstickInput { get; init; }

    public required int NetworkRunsAtOnce { get; init; }

    /// <summary>Of the video encoder.</summary>
    public required string Preset { get; init; }

    /// <summary>The rounds that count, least disturbed first; each has every leg once.</summary>
    public required IReadOnlyList<IReadOnlyList<LegResult>> Rounds { get; init; }

    public required int Discarded { get; init; }

    /// <summary>Too few quiet rounds could be had: the figures are those of a busy machine.</summary>
    public required bool IsDisturbed { get; init; }

    public IEnumerable<string> Legs => Order.Where(name => Rounds[0].Any(leg => leg.Name == name));

    private static string[] Order => [Yardstick, Bare, Network, Decode, DecodeAndEncode, Tables, TablesAndVideo];

    public bool Has(string leg) => Rounds[0].Any(result => result.Name == leg);

    public double FramesPerSecond(string leg) => Median(leg, result => result.FramesPerSecond);

    /// <summary>Of all threads of the process.</summary>
    public double CpuMsPerFrame(string leg) => Median(leg, result => result.CpuMsPerFrame);

    public double PeakBytes(string leg) => Median(leg, result => result.Cost.PeakBytes);

    public double AllocatedBytesPerFrame(string leg) => Median(leg, result => (double)result.Cost.AllocatedBytes / result.Frames);

    public int Gen2Collections(string leg) => (int)Median(leg, result => result.Cost.Gen2Collections);

    public double BytesWrittenPerFrame(string leg) => Median(leg, result => (double)result.BytesWritten / result.Frames);

    /// <summary>The largest share that other programs had of the machine in a counted round.</summary>
    public double ForeignShare => Rounds.Max(round => round.Max(leg => leg.Cost.ForeignShare ?? 0));

    /// <summary>Frames per second of one leg over those of another in the same round; 2 is twice as fast.</summary>
    public double SpeedRatio(string leg, string yardstick) => MiddleOf(SpeedRatios(leg, yardstick));

    /// <summary>Every round's <see cref="SpeedRatio"/>.</summary>
    public IReadOnlyList<double> SpeedRatios(string leg, string yardstick) =>
        [.. Rounds.Select(round => Of(round, leg).FramesPerSecond / Of(round, yardstick).FramesPerSecond)];

    /// <summary>
    /// CPU milliseconds per frame of a pipeline leg that neither the network nor the decoder took: of the whole process, less those two
    /// stages' own threads in the same leg. With video the encoder's is in it, which works inside the stage that writes.
    /// </summary>
    public double OwnCpuMsPerFrame(string leg) =>
        Median(leg, result => result.CpuMsPerFrame - CpuMsPerFrame(result, InferStage) - CpuMsPerFrame(result, DecodeStage));

    /// <summary>CPU milliseconds per frame of one stage's own threads.</summary>
    public double StageCpuMsPerFrame(string leg, string stage) => Median(leg, result => CpuMsPerFrame(result, stage));

    /// <summary>The stages of a pipeline leg in its least disturbed round.</summary>
    public IReadOnlyList<StageReport> Stages(string leg) => Of(Rounds[0], leg).Stages;

    private static double CpuMsPerFrame(LegResult leg, string stage) =>
        1000 * leg.Stages.First(report => report.Name == stage).Cpu.TotalSeconds / leg.Frames;

    private double Median(string leg, Func<LegResult, double> figure) => MedianOf(round => figure(Of(round, leg)));

    private double MedianOf(Func<IReadOnlyList<LegResult>, double> figure) => MiddleOf(Rounds.Select(figure));

    private static double MiddleOf(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static LegResult Of(IReadOnlyList<LegResult> round, string leg) => round.First(result => result.Name == leg);
}
