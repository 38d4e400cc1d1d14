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
        if (Read(OutputFolder.RunPath(output)) is not { } run)
        {
            return;
        }

        var before = run.ToJsonString(RecordJson.Options);
        var records = plan.Videos.ToDictionary(
            video => video.Before.Key,
            video => OutputRecords.Committed(output, video.Before.Key) ?? video.Before
        );
        var described = new List<VideoRecord>();
        foreach (var video in (run["videos"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (
                video["video"] is JsonValue key
                && records.TryGetValue((string)key!, out var record)
                && (string?)video["state"] is not ("rejected" or "left")
            )
            {
                RunRecord.Describe(record, video);
                described.Add(record);
            }
        }

        if (run["counts"] is JsonObject counts)
        {
            counts["instances"] = described.Sum(record => record.Instances);
            counts["tracks"] = described.Sum(record => record.Tracks);
        }

        if (summary.Done > 0)
        {
            run["retrack"] = new JsonObject
            {
                ["tracker"] = summary.Tracker,
                ["segbatch"] = RunRecord.Version,
                ["videos"] = summary.Done,
                ["frames"] = summary.Frames,
                ["seconds"] = Math.Round(summary.Seconds, 3),
                ["frames_per_second"] = Math.Round(summary.FramesPerSecond, 2),
            };
        }

        // Where an earlier call was killed before this point, there may be nothing left to track, and still something to tell.
        if (run.ToJsonString(RecordJson.Options) is var text && text != before)
        {
            OutputFolder.WriteRun(output, text);
        }
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
