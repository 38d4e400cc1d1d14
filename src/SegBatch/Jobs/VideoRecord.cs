using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SegBatch.Jobs;

/// <summary>What was committed for one video. Holds no clock, host name or thread count: two runs of one plan write the same.</summary>
public sealed record VideoRecord
{
    /// <summary>Key of settings: the hash of the appearance model, where the tracker compares looks.</summary>
    internal const string ReidModel = "reid_model_sha256";

    public required string Key { get; init; }

    public required string Path { get; init; }

    /// <summary>Size in bytes and last write in UTC ticks of the source, to notice that it changed.</summary>
    public required SourceIdentity Source { get; init; }

    /// <summary>Model hash and every option that can change a result.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>Final files, relative to the output folder.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public required long Frames { get; init; }

    public required long Instances { get; init; }

    public required long Tracks { get; init; }

    public required long DamagedFrames { get; init; }

    /// <summary>Oddities worth knowing: fall-backs, repaired timestamps, scaled frames.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyDictionary<string, ClassCount> Classes { get; init; }

    /// <summary>Per class name of a semantic network; null for other networks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, RegionCount>? Regions { get; init; }

    /// <summary>What the tables hold for tracking again; null in records of versions that did not say.</summary>
    public KeptEvidence? Kept { get; init; }

    /// <summary>
    /// The section `track` of the settings as the run had it, where the tables were tracked again with another since; else null. Annotated
    /// videos show what the run tracked.
    /// </summary>
    public JsonObject? RunTracking { get; init; }

    /// <summary>`reid_model_sha256` of the settings as the run had them, where the tables were tracked again without looks since; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RunReidModelSha256 { get; init; }

    /// <summary>Annotated videos are there, and show other tracks than the tables.</summary>
    internal bool IsAnnotationStale => RunTracking is not null && HasAnnotation;

    internal bool HasAnnotation => Files.Any(file => file.StartsWith("videos/", StringComparison.Ordinal));

    /// <summary>The record as this version writes it: every option is named.</summary>
    internal VideoRecord Complete() =>
        this with
        {
            Settings = StoredSettings.Complete(Settings),
            RunTracking = RunTracking is null ? null : StoredSettings.CompleteTracking(RunTracking),
        };

    /// <summary>With the settings that the tables were tracked again with. Those of the run stay known as long as they differ.</summary>
    internal VideoRecord TrackedAgain(JsonObject settings)
    {
        var run = RunSettings();
        var isSame = EffectiveOptions.Differences(run, settings).Count == 0;
        return this with
        {
            Settings = settings,
            RunTracking = isSame ? null : (JsonObject)run["track"]!.DeepClone(),
            RunReidModelSha256 = isSame || settings.ContainsKey(ReidModel) ? null : (string?)run[ReidModel],
        };
    }

    /// <summary>The settings as the run had them.</summary>
    internal JsonObject RunSettings()
    {
        var settings = (JsonObject)Settings.DeepClone();
        if (RunTracking is not null)
        {
            settings["track"] = RunTracking.DeepClone();
        }

        if (RunReidModelSha256 is not null)
        {
            settings[ReidModel] = RunReidModelSha256;
        }

        return settings;
    }

    public VideoSummary ToSummary(double seconds) => new(Key, Frames, Instances, Tracks, DamagedFrames, seconds, Classes);
}

/// <summary>What was kept of what a tracker saw.</summary>
/// <param name="From">Every detection above this score is in the tables.</param>
/// <param name="FramesPerSecond">As the tracker got them, without those that a stride left out; null where the source has no clock.</param>
/// <param name="CameraMotion">By which method the motion in `evidence` was found; null where nobody looked.</param>
public sealed record KeptEvidence(float From, double? FramesPerSecond, string? CameraMotion);

public readonly record struct SourceIdentity(long Bytes, long LastWriteUtcTicks)
{
    public static SourceIdentity Of(string path)
    {
        if (Directory.Exists(path))
        {
            // What cannot be opened by its name tells no size; that it came is a change all the same, and its reader says what is wrong.
            var files = new DirectoryInfo(path).GetFiles();
            return new(
                files.Sum(file => file.Exists ? file.Length : 1),
                files.Length == 0 ? 0 : files.Max(file => file.LastWriteTimeUtc.Ticks)
            );
        }

        var info = new FileInfo(path);
        return info.Exists ? new(info.Length, info.LastWriteTimeUtc.Ticks) : default;
    }
}

/// <summary>A video that was given up: the verdict's code, and a message that says what to do.</summary>
public sealed record RejectRecord(string Key, string Path, string Code, string Message);

/// <summary>How records are written: snake_case, enums as words.</summary>
public static class RecordJson
{
    /// <summary>Indented, for files that people open.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: true);

    /// <summary>On one line.</summary>
    public static JsonSerializerOptions Compact { get; } = Create(indented: false);

    private static JsonSerializerOptions Create(bool indented) =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            WriteIndented = indented,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        };
}
