using System.Text.Json.Nodes;
using SegBatch.Jobs;
using SegBatch.Tracking;

namespace SegBatch.Retracking;

/// <summary>Tracking options out of the settings that a commit record holds, and back.</summary>
internal static class StoredTracking
{
    private static IEnumerable<OptionKey> Keys => OptionKeys.All.Where(key => key.Section == "track" && !key.IsHabit);

    /// <summary>The tracker's options. Where nobody had said anything, they follow the tracker, also another one.</summary>
    public static TrackingOptions Read(JsonObject settings) => ReadSection(settings).Tracking;

    /// <summary>The options of the section `track`: the tracker's, and those of the offline pass. All others are at their defaults.</summary>
    public static SourceOptions ReadSection(JsonObject settings)
    {
        if (settings["track"] is not JsonObject track)
        {
            return new SourceOptions();
        }

        var tracker = Keys.Single(key => key.Name == "tracker");
        var named = Apply(new JobDraft(), tracker, track["tracker"]);
        var otherwise = Section(named.Source);
        // A value that the tracker has by itself is left to the tracker: another one may have another.
        return Keys.Where(key => key != tracker && !JsonNode.DeepEquals(track[key.Name], otherwise[key.Name]))
            .Aggregate(named, (draft, key) => Apply(draft, key, track[key.Name]))
            .Source;
    }

    /// <summary>The same settings with another tracker's options, and no offline pass.</summary>
    public static JsonObject With(JsonObject settings, TrackingOptions tracking) =>
        With(settings, new SourceOptions { Tracking = tracking });

    /// <summary>The same settings with another section `track`.</summary>
    public static JsonObject With(JsonObject settings, SourceOptions options)
    {
        var changed = (JsonObject)settings.DeepClone();
        changed["track"] = Section(options);
        if (AppearanceModels.PathOf(options.Tracking) is null)
        {
            changed.Remove(VideoRecord.ReidModel);
        }

        return changed;
    }

    /// <summary>The section `track` as settings hold it.</summary>
    public static JsonObject Section(SourceOptions options) => (JsonObject)EffectiveOptions.ToJson(options)["track"]!.DeepClone();

    /// <summary>A value that is missing (an option of a later version) or null leaves what there is.</summary>
    private static JobDraft Apply(JobDraft draft, OptionKey key, JsonNode? value) =>
        value is null ? draft
        : key.Value.Parse([value.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)value! : value.ToJsonString()])
            is
            ({ } parsed, null)
            ? key.Apply(draft, parsed)
        : throw new JobException(
            JobFailure.PlanMismatch,
            $"The tables were tracked with {key.FullName}: {value.ToJsonString(RecordJson.Compact)}, which this version does not know. "
                + "Use the version that made them, or run again."
        );
}
