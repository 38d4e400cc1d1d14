using System.Text.Json.Nodes;
using SegBatch.Pipeline;

namespace SegBatch.Benchmarking;

/// <summary>A bench as JSON: what was measured, every leg's medians, every counted round. Times in milliseconds, memory in bytes.</summary>
public static class BenchJson
{
    public static JsonObject Of(BenchReport report) =>
        new()
        {
            ["clip"] = report.Clip,
            ["frame"] = $"{report.Frame}",
            ["codec"] = report.Codec,
            ["frames_per_round"] = report.FramesPerRound,
            ["model"] = report.Model,
            ["device"] = report.Device,
            ["input"] = $"{report.Input}",
            ["yardstick_model"] = report.YardstickModel,
            ["yardstick_input"] = report.YardstickInput?.ToString(),
            ["runs_at_once"] = report.NetworkRunsAtOnce,
            ["preset"] = report.Preset,
            ["cores"] = Environment.ProcessorCount,
            ["rounds_counted"] = report.Rounds.Count,
            ["rounds_discarded"] = report.Discarded,
            ["disturbed"] = report.IsDisturbed,
            ["most_foreign_share"] = Rounded(report.ForeignShare),
            ["legs"] = new JsonArray([.. report.Legs.Select(leg => Leg(report, leg))]),
            ["rounds"] = new JsonArray([.. report.Rounds.Select(round => new JsonArray([.. round.Select(Result)]))]),
        };

    private static JsonObject Leg(BenchReport report, string leg)
    {
        var json = new JsonObject
        {
            ["name"] = leg,
            ["frames_per_second"] = Rounded(report.FramesPerSecond(leg)),
            ["cpu_ms_per_frame"] = Rounded(report.CpuMsPerFrame(leg)),
            ["speed_to_bare_runtime"] = Rounded(report.SpeedRatio(leg, BenchReport.Bare)),
            ["peak_bytes"] = (long)report.PeakBytes(leg),
        };
        if (report.Has(BenchReport.Yardstick))
        {
            json["speed_to_yardstick"] = Rounded(report.SpeedRatio(leg, BenchReport.Yardstick));
        }

        if (report.Stages(leg) is { Count: > 0 } stages)
        {
            json["own_cpu_ms_per_frame"] = Rounded(report.OwnCpuMsPerFrame(leg));
            json["allocated_bytes_per_frame"] = Rounded(report.AllocatedBytesPerFrame(leg));
            json["gen2_collections"] = report.Gen2Collections(leg);
            json["bytes_written_per_frame"] = Rounded(report.BytesWrittenPerFrame(leg));
            json["stages"] = new JsonArray([.. stages.Select(stage => Stage(report, leg, stage))]);
        }

        return json;
    }

    private static JsonObject Stage(BenchReport report, string leg, StageReport stage) =>
        new()
        {
            ["name"] = stage.Name,
            ["workers"] = stage.Workers,
            ["items"] = stage.Items,
            ["cpu_ms_per_frame"] = Rounded(report.StageCpuMsPerFrame(leg, stage.Name)),
            ["busy"] = Rounded(stage.Share(stage.Busy)),
            ["queueing"] = Rounded(stage.Share(stage.Queueing)),
            ["blocked"] = Rounded(stage.Share(stage.Blocked)),
            ["starved"] = Rounded(stage.Share(stage.Starved)),
            ["allocated_bytes"] = stage.Allocated,
            ["mean_input"] = Rounded(stage.MeanInput),
        };

    private static JsonObject Result(LegResult leg) =>
        new()
        {
            ["name"] = leg.Name,
            ["frames"] = leg.Frames,
            ["wall_ms"] = Rounded(1000 * leg.Cost.WallSeconds),
            ["cpu_ms"] = Rounded(1000 * leg.Cost.CpuSeconds),
            ["foreign_share"] = leg.Cost.ForeignShare is { } share ? Rounded(share) : null,
        };

    private static double Rounded(double value) => Math.Round(value, 4);
}
