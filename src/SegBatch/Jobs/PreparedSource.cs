using System.Text.Json.Nodes;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Inference;

namespace SegBatch.Jobs;

/// <summary>A source whose options were checked against the model.</summary>
/// <param name="Source">What is read.</param>
/// <param name="Settings">Model hash and every option that can change a result. Shared by sources of the same options: never changed.</param>
/// <param name="Classes">Class ids to keep; null keeps all.</param>
internal sealed record PreparedSource(FoundSource Source, JsonObject Settings, IReadOnlyList<int>? Classes)
{
    private static readonly FrameSize AnyFrame = new(1280, 720);

    /// <summary>Checks everything that can be wrong with options and model together, before any video is touched.</summary>
    /// <param name="refine">What a result depends on besides; null where masks are the model's own.</param>
    /// <param name="isPromptOnly">The model is an image encoder.</param>
    /// <exception cref="JobException">Classes that the model does not have, or a model of no known layout.</exception>
    /// <exception cref="ModelException">The model cannot be used with the options.</exception>
    public static IReadOnlyList<PreparedSource> Prepare(
        IReadOnlyList<FoundSource> sources,
        ModelCard card,
        JsonObject? refine = null,
        bool isPromptOnly = false
    )
    {
        var known = new Dictionary<SourceOptions, (JsonObject Settings, IReadOnlyList<int>? Classes)>(ReferenceEqualityComparer.Instance);
        var prepared = new List<PreparedSource>(sources.Count);
        foreach (var source in sources)
        {
            if (!known.TryGetValue(source.Options, out var ready))
            {
                ready = known[source.Options] = Prepare(source.Options, card, refine, isPromptOnly);
            }

            prepared.Add(new PreparedSource(source, ready.Settings, ready.Classes));
        }

        return prepared;
    }

    /// <exception cref="JobException">The file is not the one whose hash the job names.</exception>
    public static void CheckModel(ModelReference model, ModelCard card)
    {
        if (model.Sha256 is { } expected && expected != card.File.Sha256)
        {
            throw new JobException(
                JobFailure.Configuration,
                $"{model.Path} is not the model the job names: its SHA-256 is {card.File.Sha256}, expected {expected}."
            );
        }
    }

    private static (JsonObject, IReadOnlyList<int>?) Prepare(SourceOptions options, ModelCard card, JsonObject? refine, bool isPromptOnly)
    {
        _ = card.Letterbox(AnyFrame, options.Letterbox);
        var classes = ClassFilter.Resolve(options.Classes, card.Names);
        try
        {
            _ = isPromptOnly ? null : SoughtDetections.Head(options, classes, card);
        }
        catch (HeadLayoutException error)
        {
            throw new JobException(JobFailure.Configuration, $"{card.File.Path} cannot be used: {error.Message}.", error);
        }

        var settings = EffectiveOptions.ToJson(options);
        settings["model_sha256"] = card.File.Sha256;
        if (AppearanceModels.PathOf(options.Tracking) is { } looks)
        {
            settings[VideoRecord.ReidModel] = ModelFile.Check(looks).Sha256;
        }

        if (Stated(card.Overrides) is { Count: > 0 } stated)
        {
            settings["model"] = stated;
        }

        if (refine is not null)
        {
            settings["refine"] = refine.DeepClone();
        }

        return (settings, classes);
    }

    /// <summary>What the job says of its model that changes results, names aside.</summary>
    private static JsonObject Stated(ModelOverrides overrides)
    {
        var stated = new JsonObject();
        Add("imgsz", overrides.ImgSz);
        Add("stride", overrides.Stride);
        Add("end2end", overrides.EndToEnd);
        Add("layout", overrides.Layout);
        Add("labels", overrides.Labels);
        Add("fit", overrides.Fit);
        Add("align", overrides.Padding);
        Add("pad", overrides.PadLevel);
        Add("colors", overrides.Channels);
        Add("mean", overrides.Mean is { } mean ? new JsonArray(mean.X, mean.Y, mean.Z) : null);
        Add("std", overrides.Deviation is { } deviation ? new JsonArray(deviation.X, deviation.Y, deviation.Z) : null);
        return stated;

        void Add(string key, object? value)
        {
            if (value is not null)
            {
                stated[key] = value as JsonNode ?? EffectiveOptions.ToJson(value);
            }
        }
    }
}
