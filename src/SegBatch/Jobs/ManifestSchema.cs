using System.Text.Json.Nodes;

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
                ["oneOf"] = new JsonArray(Plain(), Model()),
            },
            ["output"] = Plain("Folder for the results, relative to the manifest."),
            ["sources"] = new JsonObject
            {
                ["description"] = "Files, folders and globs (*, ?, **), relative to the manifest. Their order does not matter.",
                ["oneOf"] = new JsonArray(Plain(), Source(), List(new JsonObject { ["oneOf"] = new JsonArray(Plain(), Source()) })),
            },
            ["demo"] = Plain("Folder into which a demo archive is rendered when it is not there yet."),
            ["mode"] = Word("reference computes everything as Ultralytics does, number by number.", ["default", "reference"]),
            ["refine"] = Refine(),
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

    private static JsonObject Model() =>
        new()
        {
            ["type"] = "object",
            ["required"] = new JsonArray("path"),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["path"] = Plain("The ONNX file, relative to the manifest."),
                ["sha256"] = new JsonObject
                {
                    ["description"] = "Hash that the file must have.",
                    ["type"] = "string",
                    ["pattern"] = "^[0-9a-fA-F]{64}$",
                },
                ["names"] = new JsonObject
                {
                    ["description"] = "Class names: a list from class 0 on, by id, or those of COCO's 80 classes.",
                    ["oneOf"] = new JsonArray(
                        List(Any()),
                        new JsonObject { ["type"] = "object", ["additionalProperties"] = Any() },
                        new JsonObject { ["const"] = "coco80" }
                    ),
                },
                ["imgsz"] = Value(OptionValue.Size, "Input size."),
                ["stride"] = Value(OptionValue.Integer(1, 1024), "Input sides are multiples of this."),
                ["task"] = Plain("The task, such as segment."),
                ["end2end"] = Value(OptionValue.Flag, "The graph ends with final boxes."),
                ["layout"] = Value(ModelInputNode.Layout, "Layout of the outputs, where the file does not tell."),
                ["labels"] = new JsonObject
                {
                    ["description"] = "What the network's labels count: classes from 0, from 1, or COCO's ids of 1 to 90.",
                    ["enum"] = new JsonArray(0, 1, "coco91"),
                },
                ["fit"] = Value(ModelInputNode.Fit, "How pictures are brought to the input's size."),
                ["align"] = Value(ModelInputNode.Align, "Where the picture lies in a padded input."),
                ["pad"] = Value(ModelInputNode.Pad, "Level of the padding."),
                ["colors"] = Value(ModelInputNode.Colors, "Order of the input's channels."),
                ["mean"] = Levels("Taken off each channel, of levels of 0 to 255."),
                ["std"] = Levels("What each channel is divided by, of levels of 0 to 255."),
            },
        };

    private static JsonObject Levels(string help) =>
        new() { ["description"] = help, ["oneOf"] = new JsonArray(Level(), List(Level(), 3, 3)) };

    private static JsonObject Level() =>
        new()
        {
            ["type"] = "number",
            ["minimum"] = 0,
            ["maximum"] = 255,
        };

    private static JsonObject Refine() =>
        new()
        {
            ["description"] = "A promptable pair of networks (SAM, MobileSAM) that gives detections their masks.",
            ["type"] = "object",
            ["required"] = new JsonArray("encoder", "decoder"),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["encoder"] = Plain("ONNX file of the image encoder, relative to the manifest."),
                ["decoder"] = Plain("ONNX file of the prompt decoder, relative to the manifest."),
                ["prompts"] = List(
                    new JsonObject
                    {
                        ["description"] = "An object that is asked for in every frame, in frame pixels.",
                        ["type"] = "object",
                        ["anyOf"] = new JsonArray(
                            new JsonObject { ["required"] = new JsonArray("point") },
                            new JsonObject { ["required"] = new JsonArray("box") }
                        ),
                        ["additionalProperties"] = false,
                        ["properties"] = new JsonObject
                        {
                            ["point"] = List(new JsonObject { ["type"] = "number", ["minimum"] = 0 }, 2, 2),
                            ["box"] = List(new JsonObject { ["type"] = "number", ["minimum"] = 0 }, 4, 4),
                            ["name"] = Plain("Its class in the tables."),
                        },
                    },
                    least: 0
                ),
            },
        };

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

    private static JsonObject Value(OptionValue value, string help)
    {
        var schema = value.Kind switch
        {
            OptionKind.Flag => new JsonObject { ["type"] = "boolean" },
            OptionKind.Integer => new JsonObject
            {
                ["type"] = "integer",
                ["minimum"] = (long)value.Min,
                ["maximum"] = (long)value.Max,
            },
            OptionKind.Number => new JsonObject
            {
                ["type"] = "number",
                ["minimum"] = value.Min,
                ["maximum"] = value.Max,
            },
            OptionKind.Size => new JsonObject { ["oneOf"] = new JsonArray(Side(), List(Side(), 2, 2)) },
            OptionKind.Names => new JsonObject { ["oneOf"] = new JsonArray(Any(), List(Any())) },
            OptionKind.Moment => Moment(),
            OptionKind.File => Ending(value.FileEndings),
            _ when value.FileEndings.Count > 0 => new JsonObject
            {
                ["anyOf"] = new JsonArray(Word("", value.Choices), Ending(value.FileEndings)),
            },
            _ => Word("", value.Choices),
        };
        if (value.TakesAuto && !value.Choices.Contains("auto"))
        {
            schema = new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["const"] = "auto" }, schema) };
        }

        schema["description"] = help;
        return schema;
    }

    private static JsonObject Moment() =>
        new()
        {
            ["oneOf"] = new JsonArray(
                new JsonObject { ["type"] = "number", ["minimum"] = 0 },
                new JsonObject { ["type"] = "string", ["pattern"] = @"^([0-9]+:)?([0-9]+:)?[0-9]+(\.[0-9]+)?$" },
                new JsonObject
                {
                    ["type"] = "object",
                    ["required"] = new JsonArray("frame"),
                    ["additionalProperties"] = false,
                    ["properties"] = new JsonObject
                    {
                        ["frame"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
                    },
                }
            ),
        };

    private static JsonObject Word(string help, IReadOnlyList<string> choices)
    {
        var numbered = choices.Any(choice => choice.EndsWith(":N", StringComparison.Ordinal));
        var schema = numbered
            ? new JsonObject
            {
                ["type"] = "string",
                ["pattern"] =
                    $"^({string.Join('|', choices.Select(choice => choice.Replace(":N", ":[0-9]{1,2}", StringComparison.Ordinal)))})$",
            }
            // A YAML true is no string, and is taken where the word is.
            : new JsonObject
            {
                ["enum"] = new JsonArray([.. choices.Select(choice => choice == "true" ? JsonValue.Create(true) : (JsonNode)choice)]),
            };
        schema["description"] = help;
        return schema;
    }

    private static JsonObject Ending(IReadOnlyList<string> endings) =>
        new() { ["type"] = "string", ["pattern"] = $@"\.({string.Join('|', endings.Select(ending => ending[1..]))})$" };

    private static JsonObject Side() =>
        new()
        {
            ["type"] = "integer",
            ["minimum"] = 1,
            ["maximum"] = OptionValue.MaxSide,
        };

    private static JsonObject Any() => new() { ["type"] = new JsonArray("string", "integer") };

    private static JsonObject Plain(string? help = null) =>
        help is null ? new() { ["type"] = "string" } : new() { ["description"] = help, ["type"] = "string" };

    private static JsonObject List(JsonObject items, int least = 1, int? most = null)
    {
        var list = new JsonObject
        {
            ["type"] = "array",
            ["minItems"] = least,
            ["items"] = items,
        };
        if (most is { } limit)
        {
            list["maxItems"] = limit;
        }

        return list;
    }
}
