using System.Text.Json.Nodes;
using SegBatch.Inference;
using SegBatch.Refining;

namespace SegBatch.Jobs;

/// <summary>The promptable pair of networks that gives detections their masks, and what is prompted in every frame.</summary>
public sealed record RefineReference
{
    /// <summary>Absolute path of the image encoder.</summary>
    public required string Encoder { get; init; }

    /// <summary>Absolute path of the prompt decoder.</summary>
    public required string Decoder { get; init; }

    public IReadOnlyList<NamedPrompt> Prompts { get; init; } = [];

    /// <summary>What a result depends on: both files by their hashes, and the prompts.</summary>
    public JsonObject Settings(ModelCard encoder, ModelCard decoder) =>
        new()
        {
            ["encoder_sha256"] = encoder.File.Sha256,
            ["decoder_sha256"] = decoder.File.Sha256,
            ["prompts"] = new JsonArray([.. Prompts.Select(prompt => prompt.ToJson())]),
        };

    /// <summary>
    /// Class names with those of the prompts behind the model's, each name once; a prompt that has the name of a class of the model is
    /// of that class.
    /// </summary>
    /// <param name="names">The model's class names by id; may be empty.</param>
    /// <param name="classes">The number of the model's classes; null where nobody knows.</param>
    public (IReadOnlyList<string> Names, IReadOnlyList<FixedPrompt> Prompts) Classes(IReadOnlyList<string> names, int? classes)
    {
        var all = names.ToList();
        all.AddRange(Enumerable.Range(names.Count, Math.Max(0, (classes ?? 0) - names.Count)).Select(id => $"class{id}"));
        var prompts = new List<FixedPrompt>();
        foreach (var prompt in Prompts)
        {
            var id = all.IndexOf(prompt.Name);
            if (id < 0)
            {
                id = all.Count;
                all.Add(prompt.Name);
            }

            prompts.Add(new FixedPrompt(prompt.Prompt, id));
        }

        return (prompts.Count == 0 ? names : all, prompts);
    }
}

/// <summary>An object that is asked for in every frame, and what it is called.</summary>
public sealed record NamedPrompt(string Name, Prompt Prompt)
{
    /// <summary>As a manifest writes it.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["name"] = Name };
        if (Prompt is { PointX: { } x, PointY: { } y })
        {
            json["point"] = new JsonArray(x, y);
        }

        if (Prompt.Box is { } box)
        {
            json["box"] = new JsonArray(box.X1, box.Y1, box.X2, box.Y2);
        }

        return json;
    }
}
