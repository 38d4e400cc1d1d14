using SegBatch.Pipeline;

namespace SegBatch.Benchmarking;

/// <summary>Adds up what the stages of several graphs did.</summary>
internal static class StageSums
{
    /// <returns>One report per stage name, in the order of the graph; fill levels are averages.</returns>
    public static IReadOnlyList<StageReport> Of(IEnumerable<StageReport> stages) =>
        [
            .. stages
                .GroupBy(stage => stage.Name)
                .Select(group => new StageReport(
                    group.Key,
                    group.Sum(stage => stage.Workers),
                    group.Sum(stage => stage.Items),
                    Sum(group, stage => stage.Busy),
                    Sum(group, stage => stage.Cpu),
                    Sum(group, stage => stage.Queueing),
                    Sum(group, stage => stage.Blocked),
                    Sum(group, stage => stage.Starved),
                    group.Average(stage => stage.MeanInput),
                    group.Sum(stage => stage.Allocated)
                )),
        ];

    private static TimeSpan Sum(IEnumerable<StageReport> stages, Func<StageReport, TimeSpan> part) =>
        stages.Aggregate(TimeSpan.Zero, (sum, stage) => sum + part(stage));
}
