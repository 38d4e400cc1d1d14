using System.Text.Json.Nodes;
using static SegBatch.Jobs.ValueSchema;

namespace SegBatch.Jobs;

/// <summary>The schema of what a manifest says of its networks: <c>model</c> and <c>refine</c>.</summary>
internal static class NetworkSchema
{
    public static JsonObject Model() =>
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

    public static JsonObject Refine() =>
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
}
