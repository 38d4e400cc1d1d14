using System.Globalization;
using SegBatch.Benchmarking;
using SegBatch.Jobs;

namespace SegBatch.Benchmarks.Throughput;

/// <summary>C1 to C5: whole jobs beside the bare runtime, in turns.</summary>
internal sealed class EndToEnd(Workplace place, int rounds, int frames)
{
    /// <summary>The square network: tables, and tables with video.</summary>
    public async Task<BenchReport> SquareAsync() => await BenchAsync(place.SquareModel, place.SquareModel, video: true);

    /// <summary>The same network in the rectangle, against the square one.</summary>
    public async Task<BenchReport> RectangleAsync() => await BenchAsync(place.DynamicModel, place.SquareModel, video: false);

    /// <summary>The quantised network in the rectangle, against the square one in single precision.</summary>
    public async Task<GoalFigure> Int8Async()
    {
        var (model, agreement) = await place.Int8ModelAsync();
        var figure = Ratio(await BenchAsync(model, place.SquareModel, video: false), BenchReport.Tables, BenchReport.Yardstick);
        return figure with { Detail = $"{figure.Detail}; {agreement}" };
    }

    public static GoalFigure Ratio(BenchReport report, string leg, string yardstick) =>
        new(
            report.SpeedRatio(leg, yardstick),
            $"{Rates(report, leg)} against {Rates(report, yardstick)}; rounds {string.Join(", ", report.SpeedRatios(leg, yardstick).Select(ratio => Text($"{ratio:0.00}")))}{Company(report)}"
        );

    public static GoalFigure Own(BenchReport report)
    {
        var own = report.OwnCpuMsPerFrame(BenchReport.Tables);
        var stages = report
            .Stages(BenchReport.Tables)
            .Where(stage => stage.Name is not ("decode" or "infer"))
            .Select(stage => (stage.Name, Ms: report.StageCpuMsPerFrame(BenchReport.Tables, stage.Name)))
            .ToList();
        return new(
            own,
            string.Join(
                ", ",
                stages
                    .Append(("other threads", own - stages.Sum(stage => stage.Ms)))
                    .Select(part => Text($"{part.Item1} {part.Item2:0.00}"))
            )
                + Text(
                    $"; of {report.CpuMsPerFrame(BenchReport.Tables):0.0} in all; the network alone takes {report.CpuMsPerFrame(BenchReport.Network):0.0}, decoding alone {report.CpuMsPerFrame(BenchReport.Decode):0.0}"
                )
                + Company(report)
        );
    }

    private async Task<BenchReport> BenchAsync(string model, string yardstick, bool video)
    {
        var job = ManifestReader.Create(
            new JobOverrides
            {
                Sources = [await place.WalkingAsync()],
                Model = model,
                Output = Path.Combine(place.Scratch, "bench"),
                Options = draft =>
                    draft with
                    {
                        Source = draft.Source with { Encoding = draft.Source.Encoding with { Preset = "ultrafast" } },
                    },
            }
        );
        var options = new BenchOptions
        {
            Rounds = rounds,
            FramesPerVideo = frames,
            Video = video,
            YardstickModel = yardstick == model ? null : yardstick,
        };
        Console.Error.WriteLine($"{Path.GetFileName(model)}{(video ? " with video" : "")}:");
        return await new ThroughputBench(job, options, line => Console.Error.WriteLine($"  {line}")).RunAsync(CancellationToken.None);
    }

    private static string Rates(BenchReport report, string leg) =>
        Text($"{report.FramesPerSecond(leg):0.0} fps ({report.CpuMsPerFrame(leg):0} CPU ms)");

    private static string Company(BenchReport report) =>
        report.IsDisturbed ? Text($"; DISTURBED, up to {report.ForeignShare:P0} of the machine taken by others") : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
