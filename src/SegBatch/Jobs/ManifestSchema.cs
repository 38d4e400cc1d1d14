using System.Text.Json.Nodes;
using static SegBatch.Jobs.ValueSchema;

namespace SegBatch.Jobs;

/// <summary>The JSON Schema (draft 2020-12) of manifests, made from the table of keys: editors complete and check with it.</summary>
public static class ManifestSchema
{
    /// <summary>As published in <c>jobs/job.schema.json</c>.</summary>
    public static string Text() => Create().ToJsonString(RecordJson.Options) + "\n";

    public static JsonObject Create()
    {
        var properties = new JsonObject
        {
            ["$schema"] = Plain("Where this schema lies, for editors."),
            ["name"] = Plain("Name of the job, for people."),
            ["model"] = new JsonObject
            {
                ["description"] =
                    "The ONNX file to run, relative to the manifest; or the file with what is known better than its metadata says.",
                ["oneOf"] = new JsonArray(Plain(), NetworkSchema.Model()),
            },
            ["output"] = Plain("Folder for the results, relative to the manifest."),
            ["sources"] = new JsonObject
            {
                ["description"] = "Files, folders and globs (*, ?, **), relative to the manifest. Their order does not matter.",
                ["oneOf"] = new JsonArray(Plain(), Source(), List(new JsonObject { ["oneOf"] = new JsonArray(Plain(), Source()) })),
            },
            ["demo"] = Plain("Folder into which a demo archive is rendered when it is not there yet."),
            ["mode"] = Word("reference computes everything as Ultralytics does, number by number.", ["default", "reference"]),
            ["refine"] = NetworkSchema.Refine(),
            ["rules"] = new JsonObject
            {
                ["description"] = "Zones and lines; empty in this version.",
                ["type"] = "array",
                ["maxItems"] = 0,
            },
        };
        Add(properties, OptionKeys.All.Where(key => key.Section.Length == 0));
        foreach (var section in OptionKeys.Sections)
        {
            properties[section] = Section(section);
        }

        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "SegBatch job",
            ["type"] = "object",
            ["required"] = new JsonArray("output", "sources"),
            ["anyOf"] = new JsonArray( // prompts alone need no model
                new JsonObject { ["required"] = new JsonArray("model") },
                new JsonObject { ["required"] = new JsonArray("refine") }
            ),
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
    }

    private static JsonObject Source()
    {
        var properties = new JsonObject { ["path"] = Plain("A file, folder or glob.") };
        Add(properties, OptionKeys.All.Where(key => key.Section is not "run"));
        properties.Remove("model"); // one serves the whole job; the tracker's is reid_model here
        foreach (var section in OptionKeys.Sections.Where(section => section != "run"))
        {
            properties[section] = Section(section);
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("path"),
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
    }

    private static JsonObject Section(string section)
    {
        var properties = new JsonObject();
        Add(properties, OptionKeys.All.Where(key => key.Section == section));
        return new JsonObject
        {
            ["type"] = new JsonArray("object", "null"),
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
    }

    /// <summary>Keys and their aliases. Where the flat keys of two sections share a name, the first means it, as in the reader.</summary>
    private static void Add(JsonObject properties, IEnumerable<OptionKey> keys)
    {
        foreach (var key in keys)
        {
            foreach (var name in key.Aliases.Prepend(key.Name))
            {
                var schema = Value(key.Value, $"{char.ToUpperInvariant(key.Help[0])}{key.Help[1..]}.");
                if (!key.IsHabit)
                {
                    schema["default"] = EffectiveOptions.ToJson(key.Get(new JobDraft())) ?? (key.Value.TakesAuto ? "auto" : null);
                }

                if (schema["default"] is null)
                {
                    schema.Remove("default");
                }

                if (key.Details(OptionKeys.All).ToList() is { Count: > 0 } details)
                {
                    schema["type"] = new JsonArray("boolean", "object");
                    schema["additionalProperties"] = false;
                    schema["properties"] = new JsonObject(
                        details.Select(detail =>
                            KeyValuePair.Create(detail.Name[(key.Name.Length + 1)..], (JsonNode?)Value(detail.Value, $"{detail.Help}."))
                        )
                    );
                }

                properties.TryAdd(name, schema);
            }
        }
    }
}
