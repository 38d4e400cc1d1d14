using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
using SegBatch.Detection;
using SegBatch.Inference;
using SegBatch.Native;
using SegBatch.Pipeline;

namespace SegBatch.Jobs;

/// <summary>run.json: what the job was, with what it ran, what came out, and how long each stage took.</summary>
internal static class RunRecord
{
    private const string StaleAnnotation = "the annotated video shows the tracks of the run; the tables were tracked again since";

    /// <summary>Of this program.</summary>
    internal static string? Version =>
        typeof(RunRecord).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    public static void Write(
        JobManifest job,
        IReadOnlyList<FoundSource> sources,
        OnnxSegmentationModel model,
        IReadOnlyDictionary<string, VideoRecord> before,
        VideoOutcomes now,
        JobSummary summary
    )
    {
        var videos = new JsonArray();
        foreach (var source in sources)
        {
            videos.Add(Video(source, before, now));
        }

        var run = new JsonObject
        {
            ["job"] = job.Name,
            ["state"] =
                summary.Stopped ? "stopped"
                : summary.Rejected > 0 ? "finished with rejects"
                : "finished",
            ["model"] = new JsonObject
            {
                ["path"] = job.Model.Path,
                ["sha256"] = model.Card.File.Sha256,
                ["task"] = model.Card.Task,
                ["layout"] = job.IsPromptOnly ? "prompts" : ModelLayouts.Recognise(model.Card).Name,
                ["fed"] = model.Card.Convention.ToString(),
                ["classes"] = model.Card.Names.Count,
            },
            ["provider"] = new JsonObject
            {
                ["used"] = model.Device.ToString(),
                ["refused"] = new JsonArray([.. model.Refusals.Select(refusal => JsonValue.Create(refusal.ToString()))]),
                ["head"] = model.Trimmed is null ? "as in the file" : "trimmed",
                ["batch"] = model.BatchSize,
                ["runs_at_once"] = model.MaxConcurrency,
            },
            ["versions"] = Versions(),
            ["machine"] = new JsonObject
            {
                ["cores"] = Environment.ProcessorCount,
                ["os"] = RuntimeInformation.OSDescription,
                ["runtime"] = RuntimeInformation.FrameworkDescription,
            },
            ["counts"] = new JsonObject
            {
                ["videos"] = summary.Videos,
                ["done"] = summary.Done,
                ["done_before"] = summary.AlreadyDone,
                ["rejected"] = summary.Rejected,
                ["hardware_fallbacks"] = now.Done.Values.Sum(outcome => outcome.HardwareFallbacks),
                ["frames"] = summary.Frames,
                ["instances"] = summary.Instances,
                ["tracks"] = summary.Tracks,
            },
            ["seconds"] = Math.Round(summary.Seconds, 3),
            ["frames_per_second"] = Math.Round(summary.FramesPerSecond, 2),
            ["videos"] = videos,
        };
        OutputFolder.WriteRun(job.Output, run.ToJsonString(RecordJson.Options));
    }

    private static JsonObject Video(FoundSource source, IReadOnlyDictionary<string, VideoRecord> before, VideoOutcomes now)
    {
        var json = new JsonObject { ["video"] = source.Key, ["path"] = source.Path };
        if (now.Rejected.TryGetValue(source.Key, out var reject))
        {
            json["state"] = "rejected";
            json["code"] = reject.Code;
            json["message"] = reject.Message;
            return json;
        }

        var outcome = now.Done.GetValueOrDefault(source.Key);
        if ((outcome?.Record ?? before.GetValueOrDefault(source.Key)) is not { } record)
        {
            json["state"] = "left";
            return json;
        }

        json["state"] = outcome is null ? "done before" : "done";
        Describe(record, json);
        if (outcome is not null)
        {
            json["decoder"] = outcome.Acceleration ?? "software";
            json["hardware_fallbacks"] = outcome.HardwareFallbacks;
            json["seconds"] = Math.Round(outcome.Seconds, 3);
            json["stages"] = new JsonObject(
                outcome.Pipeline.Stages.Select(stage => KeyValuePair.Create(stage.Name, (JsonNode?)StageJson(stage)))
            );
        }

        return json;
    }

    /// <summary>Says of a video what its commit record says, over what was said before.</summary>
    internal static void Describe(VideoRecord record, JsonObject json)
    {
        json["frames"] = record.Frames;
        json["instances"] = record.Instances;
        json["tracks"] = record.Tracks;
        if (record.Regions is not null)
        {
            json["regions"] = JsonSerializer.SerializeToNode(record.Regions, RecordJson.Options);
        }

        json["damaged_frames"] = record.DamagedFrames;
        json["notes"] = JsonSerializer.SerializeToNode(record.IsAnnotationStale ? [.. record.Notes, StaleAnnotation] : record.Notes);
        json["options"] = record.Settings.DeepClone();
        json["tracked_again"] = record.RunTracking is not null;
    }

    private static JsonObject StageJson(StageReport stage) =>
        new()
        {
            ["workers"] = stage.Workers,
            ["items"] = stage.Items,
            ["busy_seconds"] = Math.Round(stage.Busy.TotalSeconds, 3),
            ["cpu_seconds"] = Math.Round(stage.Cpu.TotalSeconds, 3),
            ["queueing_seconds"] = Math.Round(stage.Queueing.TotalSeconds, 3),
            ["blocked_seconds"] = Math.Round(stage.Blocked.TotalSeconds, 3),
            ["starved_seconds"] = Math.Round(stage.Starved.TotalSeconds, 3),
            ["mean_input"] = Math.Round(stage.MeanInput, 2),
            ["allocated_bytes"] = stage.Allocated,
        };

    private static JsonObject Versions()
    {
        var versions = new JsonObject { ["segbatch"] = Version, ["onnxruntime"] = OrtEnv.Instance().GetVersionString() };
        foreach (var (name, version) in NativeVersions.FFmpegLibraries())
        {
            versions[name] = version;
        }

        return versions;
    }
}
