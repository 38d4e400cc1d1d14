using System.Text.Json.Nodes;

namespace SegBatch.Jobs;

/// <summary>Schemas of the values that keys of a manifest have.</summary>
internal static class ValueSchema
{
    /// <summary>Of an option's value.</summary>
    public static JsonObject Value(OptionValue value, string help)
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

    /// <summary>Of one of several words.</summary>
    public static JsonObject Word(string help, IReadOnlyList<string> choices)
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

    /// <summary>Of a name or a number.</summary>
    public static JsonObject Any() => new() { ["type"] = new JsonArray("string", "integer") };

    /// <summary>Of any text.</summary>
    public static JsonObject Plain(string? help = null) =>
        help is null ? new() { ["type"] = "string" } : new() { ["description"] = help, ["type"] = "string" };

    /// <summary>Of a list of one thing.</summary>
    public static JsonObject List(JsonObject items, int least = 1, int? most = null)
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
