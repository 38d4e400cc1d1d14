using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SegBatch.Jobs;

namespace SegBatch.Benchmarking;

/// <summary>Nobody watches a measured job: its outcome is looked at, its events are not.</summary>
internal sealed class Silence : IProgress<JobEvent>
{
    public static Silence Instance { get; } = new();

    public static ILogger Log => NullLogger.Instance;

    public void Report(JobEvent value) { }
}
