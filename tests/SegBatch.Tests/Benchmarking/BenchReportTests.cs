using System.Xml.Linq;
using SegBatch.Benchmarking;
using SegBatch.Geometry;
using SegBatch.Pipeline;
using Xunit;

namespace SegBatch.Tests.Benchmarking;

public sealed class BenchReportTests
{
    [Fact]
    public void A_ratio_is_the_median_of_the_rounds_ratios_not_the_ratio_of_medians()
    {
        // The machine halves its clock in the second round: both legs slow down, their ratio stays.
        var report = Report(Round(bareSeconds: 10, tableSeconds: 8), Round(20, 16), Round(10, 5));

        Assert.Equal(1.25, report.SpeedRatio(BenchReport.Tables, BenchReport.Bare), 6);
        Assert.Equal([1.25, 1.25, 2], report.SpeedRatios(BenchReport.Tables, BenchReport.Bare));
        Assert.Equal(100 / 8.0, report.FramesPerSecond(BenchReport.Tables), 6);
    }

    [Fact]
    public void The_median_of_two_rounds_lies_between_them()
    {
        Assert.Equal(1.5, Report(Round(10, 10), Round(10, 5)).SpeedRatio(BenchReport.Tables, BenchReport.Bare), 6);
    }

    [Fact]
    public void What_is_our_own_is_the_rest_behind_network_and_decoder()
    {
        // 100 frames: 12 s of CPU for tables; of these 9 s in the network's stage, 1 s in the decoder's.
        var report = Report(Round(10, 8));

        Assert.Equal(20, report.OwnCpuMsPerFrame(BenchReport.Tables), 6);
    }

    [Fact]
    public void Legs_come_in_one_order_however_a_round_began()
    {
        var report = Report([.. Round(10, 8).Reverse()]);

        Assert.Equal([BenchReport.Bare, BenchReport.Network, BenchReport.Decode, BenchReport.Tables], report.Legs);
        Assert.False(report.Has(BenchReport.TablesAndVideo));
    }

    [Fact]
    public void The_picture_shows_every_stage_and_the_process_as_a_whole()
    {
        var picture = XDocument.Parse(BenchPicture.Draw(Report(Round(10, 8))));
        XNamespace svg = "http://www.w3.org/2000/svg";
        var parts = picture.Descendants(svg + "title").Select(title => title.Value).ToList();

        // 120 ms in all: 90 in 'infer', 10 in 'decode', and 20 that no stage's own thread took.
        Assert.Contains("infer: 90.00 ms", parts);
        Assert.Equal(2, parts.Count(part => part == "decode: 10.00 ms"));
        Assert.Equal(2, parts.Count(part => part == "other threads: 20.00 ms"));
        var widths = picture
            .Descendants(svg + "rect")
            .Where(bar => bar.Element(svg + "title") is not null)
            .ToDictionary(
                bar => $"{bar.Element(svg + "title")!.Value} {bar.Attribute("y")!.Value}",
                bar => double.Parse(bar.Attribute("width")!.Value, System.Globalization.CultureInfo.InvariantCulture)
            );
        var infer = widths.First(pair => pair.Key.StartsWith("infer: 90", StringComparison.Ordinal)).Value;
        var whole = widths.Max(pair => pair.Value);
        Assert.Equal(90.0 / 200, infer / whole, 2); // the network alone is as wide; the bare runtime's bar is 200 ms
    }

    private static BenchReport Report(params IReadOnlyList<LegResult>[] rounds) =>
        new()
        {
            Clip = "gate & yard.mp4",
            Frame = new FrameSize(1920, 1080),
            Codec = "h264",
            FramesPerRound = 100,
            Model = "model.onnx",
            Device = "cpu",
            Input = new FrameSize(640, 384),
            YardstickModel = "model.onnx",
            YardstickInput = null,
            NetworkRunsAtOnce = 2,
            Preset = "superfast",
            Rounds = rounds,
            Discarded = 0,
            IsDisturbed = false,
        };

    private static LegResult[] Round(double bareSeconds, double tableSeconds) =>
        [
            Leg(BenchReport.Bare, bareSeconds, 20),
            Leg(BenchReport.Network, 5, 9),
            Leg(BenchReport.Decode, 1, 1),
            Leg(BenchReport.Tables, tableSeconds, 12, ("decode", 1), ("infer", 9)),
        ];

    private static LegResult Leg(string name, double seconds, double cpuSeconds, params (string Name, double CpuSeconds)[] stages) =>
        new(
            name,
            100,
            new LegCost(seconds, cpuSeconds, 0, 1, 1, 0),
            [
                .. stages.Select(stage => new StageReport(
                    stage.Name,
                    1,
                    100,
                    TimeSpan.FromSeconds(stage.CpuSeconds),
                    TimeSpan.FromSeconds(stage.CpuSeconds),
                    TimeSpan.Zero,
                    TimeSpan.Zero,
                    TimeSpan.Zero,
                    0,
                    0
                )),
            ],
            0
        );
}
