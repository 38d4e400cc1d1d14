using YamlDotNet.RepresentationModel;

namespace SegBatch.Jobs;

/// <summary>Reads a manifest into a <see cref="JobManifest"/>, or says everything that is wrong with it at once.</summary>
public static class ManifestReader
{
    private static readonly OptionValue Mode = OptionValue.Choice("default", "reference");

    /// <summary>Keys of a manifest that are no options.</summary>
    public static IReadOnlyList<string> OwnKeys { get; } =
    ["name", "model", "output", "sources", "demo", "mode", "rules", "refine", "$schema"];

    /// <param name="path">The manifest; relative paths in it are relative to its folder.</param>
    /// <param name="overrides">What the command line says.</param>
    /// <exception cref="ManifestException">Anything is wrong; nothing was started.</exception>
    public static JobManifest Read(string path, JobOverrides? overrides = null)
    {
        overrides ??= new JobOverrides();
        var text = ManifestText.Load(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var words = text.Root.Children.Where(pair => pair.Key is YamlScalarNode { Value.Length: > 0 }); // others are told below
        var nodes = words.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => pair.Value);
        var draft = Options(text, nodes);

        var name = nodes.TryGetValue("name", out var nameNode) ? text.Scalar(nameNode, "a name") : Path.GetFileNameWithoutExtension(path);
        var demo = nodes.TryGetValue("demo", out var demoNode) ? text.PathOf(demoNode, folder) : null;
        var output = nodes.TryGetValue("output", out var outputNode) ? text.PathOf(outputNode, folder) : null;
        var model = nodes.TryGetValue("model", out var modelNode) ? ModelNode.Read(text, modelNode, folder) : null;
        var refine = nodes.TryGetValue("refine", out var refineNode) ? RefineNode.Read(text, refineNode, folder) : null;
        if (nodes.TryGetValue("rules", out var rules) && rules is not YamlSequenceNode { Children.Count: 0 })
        {
            text.Problem(rules, "zones and lines are not supported by this version; leave rules empty");
        }

        if (modelNode is null && refine is { Prompts.Count: > 0 })
        {
            (model, modelNode) = (new ModelReference { Path = refine.Encoder }, refineNode); // nothing but the prompts is looked for
        }

        Require(text, modelNode, overrides.Model, "model", "the ONNX file to run");
        Require(text, outputNode, overrides.Output, "output", "the folder for the results");
        var sources = Sources(text, nodes.GetValueOrDefault("sources"), draft, overrides);
        text.ThrowIfAny();
        return new JobManifest
        {
            Name = name!,
            Model = Refined(overrides.Model is { } other ? new ModelReference { Path = other } : model!, refine),
            Refine = refine,
            Output = overrides.Output ?? output!,
            Sources = sources,
            Run = overrides.Options(draft).Run,
            DemoFolder = demo,
            Warnings = [.. text.Warnings, .. overrides.Warnings],
            BaseFolder = overrides.Sources.Count > 0 ? overrides.Folder : folder,
            KeyFolder = overrides.Sources.Count > 0 ? Path.GetPathRoot(overrides.Folder)! : folder,
        };
    }

    /// <summary>A job without a manifest.</summary>
    /// <exception cref="ManifestException">Something is missing or wrong: all of it.</exception>
    public static JobManifest Create(JobOverrides overrides)
    {
        var problems = new List<string>();
        Missing(overrides.Sources.Count == 0, "--source PATH…", "videos, pictures, folders or globs");
        Missing(overrides.Model is null, "--model FILE", "an instance-segmentation model in ONNX form");
        Missing(overrides.Output is null, "--out DIR", "where results go");
        if (problems.Count > 0)
        {
            problems.Insert(0, "Name a manifest (segbatch run JOB.yaml), or the job itself:");
        }

        var draft = overrides.Options(new JobDraft());
        problems.AddRange(SourceNodes.Problems(overrides, draft));
        return problems.Count > 0
            ? throw new ManifestException(problems)
            : new JobManifest
            {
                Name = "command line",
                Model = new ModelReference { Path = overrides.Model! },
                Output = overrides.Output!,
                Sources = SourceNodes.Given(overrides, draft),
                Run = draft.Run,
                Warnings = overrides.Warnings,
                BaseFolder = overrides.Folder,
                KeyFolder = Path.GetPathRoot(overrides.Folder)!,
            };

        void Missing(bool missing, string option, string meaning)
        {
            if (missing)
            {
                problems.Add($"  {option} is missing: {meaning}");
            }
        }
    }

    /// <summary>A model whose boxes get their masks elsewhere need not give any.</summary>
    private static ModelReference Refined(ModelReference model, RefineReference? refine) =>
        refine is null ? model : model with { Overrides = model.Overrides with { BoxesSuffice = true } };

    /// <summary>Mode first, so that every key of the manifest goes over it wherever the two stand.</summary>
    private static JobDraft Options(ManifestText text, Dictionary<string, YamlNode> nodes)
    {
        var draft = new JobDraft();
        if (nodes.TryGetValue("mode", out var mode) && OptionNodes.Value(text, "mode", Mode, mode).Value is "reference")
        {
            draft = draft with { Source = OptionKeys.Reference(draft.Source) };
        }

        foreach (var (key, value) in text.Pairs(text.Root))
        {
            draft = OwnKeys.Contains(key.Value) ? draft : OptionNodes.Apply(text, draft, key, value, OwnKeys);
        }

        return draft;
    }

    private static IReadOnlyList<SourceSpec> Sources(ManifestText text, YamlNode? node, JobDraft draft, JobOverrides overrides)
    {
        var listed = node is null ? [] : SourceNodes.Read(text, node, draft, overrides);
        if (overrides.Sources.Count > 0)
        {
            var given = overrides.Options(draft);
            foreach (var problem in SourceNodes.Problems(overrides, given))
            {
                text.Problem(text.Root, problem);
            }

            return SourceNodes.Given(overrides, given);
        }

        if (node is null or YamlSequenceNode { Children.Count: 0 })
        {
            text.Problem(node ?? text.Root, "'sources' names no video: list files, folders or globs");
        }

        return listed;
    }

    private static void Require(ManifestText text, YamlNode? node, string? given, string key, string meaning)
    {
        if (node is null && given is null)
        {
            text.Problem(text.Root, $"'{key}' is missing: {meaning}");
        }
    }
}
