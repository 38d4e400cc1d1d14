using System.Text.Json.Nodes;

namespace SegBatch.Jobs;

/// <summary>
/// The settings of a commit record, whichever version wrote it. A version that adds an option gives it a default that leaves results as
/// they were: so what an older record does not name was at its default.
/// </summary>
internal static class StoredSettings
{
    /// <summary>What settings hold beside options, where a job has it.</summary>
    private static readonly string[] s_others = ["model_sha256", VideoRecord.ReidModel, "model", "refine"];

    private static readonly JsonObject s_defaults = EffectiveOptions.ToJson(new SourceOptions());

    /// <summary>A copy in which every option of this version is named, in the order in which a run writes them.</summary>
    public static JsonObject Complete(JsonObject settings) => Complete(settings, s_defaults);

    /// <summary>The same of the section `track` alone.</summary>
    public static JsonObject CompleteTracking(JsonObject track) => Complete(track, (JsonObject)s_defaults["track"]!);

    /// <summary>What this version does not know: dotted names, with their values. A newer version wrote it.</summary>
    public static IEnumerable<string> Unknown(JsonObject settings) => Unknown("", settings, s_defaults, s_others);

    private static JsonObject Complete(JsonObject settings, JsonObject defaults)
    {
        var whole = new JsonObject();
        foreach (var (key, otherwise) in defaults)
        {
            whole[key] =
                !settings.TryGetPropertyValue(key, out var value) ? otherwise?.DeepClone()
                : value is JsonObject section && otherwise is JsonObject known ? Complete(section, known)
                : value?.DeepClone();
        }

        foreach (var (key, value) in settings.Where(pair => !defaults.ContainsKey(pair.Key)))
        {
            whole[key] = value?.DeepClone();
        }

        return whole;
    }

    private static IEnumerable<string> Unknown(string prefix, JsonObject settings, JsonObject known, string[] others)
    {
        foreach (var (key, value) in settings)
        {
            if (!known.TryGetPropertyValue(key, out var here))
            {
                if (!others.Contains(key))
                {
                    yield return $"{prefix}{key}: {value?.ToJsonString(RecordJson.Compact) ?? "null"}";
                }
            }
            else if (value is JsonObject section && here is JsonObject options)
            {
                foreach (var name in Unknown($"{prefix}{key}.", section, options, []))
                {
                    yield return name;
                }
            }
        }
    }
}
