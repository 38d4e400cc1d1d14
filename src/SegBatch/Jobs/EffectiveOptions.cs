using System.Globalization;
using System.Text.Json.Nodes;
using SegBatch.Decoding;

namespace SegBatch.Jobs;

/// <summary>Writes options under the manifest's names: for run.json, the tables' metadata, and to compare two runs.</summary>
public static class EffectiveOptions
{
    /// <summary>Every option of a source that can change a result; nothing about the machine.</summary>
    public static JsonObject ToJson(SourceOptions options)
    {
        var draft = new JobDraft(options, new RunOptions());
        var json = new JsonObject();
        foreach (var key in OptionKeys.All.Where(key => !key.IsHabit && key.Section is not ("decode" or "run")))
        {
            var target = json;
            if (key.Section.Length > 0)
            {
                target = (JsonObject)(json[key.Section] ??= new JsonObject());
            }

            // A file may move; what it holds is recorded beside the options, by its hash.
            var value = key.Get(draft);
            target[key.Name] = ToJson(key.Value.Kind == OptionKind.File ? Path.GetFileName((string?)value) : value);
        }

        json["mode"] = options.Letterbox.Reference ? "reference" : "default";
        return json;
    }

    /// <summary>An option's value as a manifest may write it; null stays null.</summary>
    public static JsonNode? ToJson(object? value) =>
        value switch
        {
            null => null,
            bool flag => JsonValue.Create(flag),
            int whole => JsonValue.Create(whole),
            // Through decimal text: 0.7f is 0.7 to people, whatever its bits are as a double.
            float single => JsonValue.Create(double.Parse(single.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
            double number => JsonValue.Create(number),
            Moment { Frame: { } frame } => new JsonObject { ["frame"] = frame },
            Moment { Seconds: { } seconds } => JsonValue.Create(seconds),
            ValueTuple<int, int> size => new JsonArray(size.Item1, size.Item2),
            IEnumerable<string> words => new JsonArray([.. words.Select(word => JsonValue.Create(word))]),
            string word => JsonValue.Create(word),
            Enum word => JsonValue.Create(word.ToString().ToLowerInvariant()),
            _ => throw new ArgumentException($"no option has a {value.GetType()}", nameof(value)),
        };

    /// <summary>Dotted names of the values in which two settings differ, with both values.</summary>
    public static IReadOnlyList<string> Differences(JsonObject before, JsonObject now)
    {
        var found = new List<string>();
        Compare("", before, now, found);
        return found;
    }

    private static void Compare(string prefix, JsonObject before, JsonObject now, List<string> found)
    {
        foreach (var key in before.Select(pair => pair.Key).Union(now.Select(pair => pair.Key)))
        {
            var (old, fresh) = (before[key], now[key]);
            if (old is JsonObject oldObject && fresh is JsonObject freshObject)
            {
                Compare($"{prefix}{key}.", oldObject, freshObject, found);
            }
            else if (!JsonNode.DeepEquals(old, fresh))
            {
                found.Add(
                    $"{prefix}{key}: was {old?.ToJsonString(RecordJson.Compact) ?? "null"}, now {fresh?.ToJsonString(RecordJson.Compact) ?? "null"}"
                );
            }
        }
    }
}
