using Microsoft.Extensions.Logging;
using SegBatch.Gpu;
using SegBatch.Inference;
using SegBatch.Refining;

namespace SegBatch.Jobs;

/// <summary>A job while it runs: what all of its videos share. Whoever opened the parts closes them.</summary>
internal sealed record RunningJob
{
    public required JobManifest Job { get; init; }

    public required OnnxSegmentationModel Model { get; init; }

    /// <summary>Null where the plain model is the way.</summary>
    public required GpuModel? Gpu { get; init; }

    /// <summary>Null where masks are the model's own.</summary>
    public required PromptModel? Prompts { get; init; }

    public required AppearanceModels Looks { get; init; }

    public required OutputFolder Output { get; init; }

    public required IProgress<JobEvent> Progress { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>Videos in work at once.</summary>
    public int VideosAtOnce => Job.Run.Videos ?? (Model.Device.IsGpu ? 8 : Math.Min(2, Environment.ProcessorCount));
}
