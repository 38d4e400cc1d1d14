using System.Text.Json;
using System.Text.Json.Nodes;
using SegBatch.Jobs;
using SegBatch.Tracking;

namespace SegBatch.Tests.Jobs;

/// <summary>Commit records as runs write them.</summary>
internal static class Records
{
    public static VideoRecord Of(string key, TrackingOptions? tracking = null, float from = 0.1f, params string[] files) =>
        new()
        {
            Key = key,
            Path = $"/{key}.mp4",
            Source = default,
            Settings = Settings(tracking),
            Files = files,
            Frames = 9,
            Instances = 8,
            Tracks = 7,
            DamagedFrames = 0,
            Notes = [],
            Classes = new Dictionary<string, ClassCount> { ["person"] = new(8, 7) },
            Kept = new KeptEvidence(from, 25, null),
        };

    /// <summary>Through text and back, as a later process sees them.</summary>
    public static JsonObject Settings(TrackingOptions? tracking = null) =>
        (JsonObject)
            JsonNode.Parse(
                EffectiveOptions.ToJson(new SourceOptions { Tracking = tracking ?? new TrackingOptions() }).ToJsonString(RecordJson.Compact)
            )!;

    public static void Write(string root, VideoRecord record) =>
        OutputRecords.WriteWhole(
            Path.Combine(root, "_segbatch", "commits", $"{record.Key}.json"),
            JsonSerializer.Serialize(record, RecordJson.Options)
        );
}
