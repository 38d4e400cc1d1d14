using System.Text.Json;
using System.Text.Json.Nodes;
using SegBatch.Jobs;

namespace SegBatch.Retracking;

/// <summary>Brings run.json to what the tables are after they were tracked again. What the run was and how long it took stays.</summary>
internal static class RetrackRecord
{
    /// <summary>Reads, changes and writes the file; a run that was killed has left none, and then there is none.</summary>
    public static void Update(string output, RetrackPlan plan, RetrackSummary summary)
    {
        var path = Path.Combine(output, "run.json");
        if (Read(path) is not { } run)
        {
            return;
        }

        var records = plan.Videos.ToDictionary(
            video => video.Before.Key,
            video => OutputFolder.Committed(output, video.Before.Key) ?? video.Before
        );
        foreach (var video in (run["videos"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (video["video"] is JsonValue key && records.TryGetValue((string)key!, out var record))
            {
                RunRecord.Describe(record, video);
            }
        }

        if (run["counts"] is JsonObject counts)
        {
            counts["instances"] = records.Values.Sum(record => record.Instances);
            counts["tracks"] = records.Values.Sum(record => record.Tracks);
        }

        run["retrack"] = new JsonObject
        {
            ["tracker"] = summary.Tracker,
            ["segbatch"] = RunRecord.Version,
            ["videos"] = summary.Done,
            ["frames"] = summary.Frames,
            ["seconds"] = Math.Round(summary.Seconds, 3),
            ["frames_per_second"] = Math.Round(summary.FramesPerSecond, 2),
        };
        OutputFolder.WriteWhole(path, run.ToJsonString(RecordJson.Options));
    }

    private static JsonObject? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null; // damaged: the next run writes it anew
        }
    }
}
