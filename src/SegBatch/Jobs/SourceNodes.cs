using SegBatch.Output;
using YamlDotNet.RepresentationModel;

namespace SegBatch.Jobs;

/// <summary>Reads <c>sources</c>, and checks what the options of a source mean together.</summary>
internal static class SourceNodes
{
    public static List<SourceSpec> Read(ManifestText text, YamlNode node, JobDraft draft, JobOverrides overrides)
    {
        var found = new List<SourceSpec>();
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in node is YamlSequenceNode list ? list.Children : [node])
        {
            var (pattern, own) = Item(text, item, draft);
            if (pattern is null)
            {
                continue;
            }

            var options = overrides.Options(own).Source;
            foreach (var problem in Conflicts(options).Where(told.Add)) // what the top of the manifest says holds for every source: told once
            {
                text.Problem(item, problem);
            }

            found.Add(
                new SourceSpec
                {
                    Pattern = pattern,
                    Options = options,
                    Location = text.Location(item),
                }
            );
        }

        return found;
    }

    /// <summary>The sources of the command line.</summary>
    public static IReadOnlyList<SourceSpec> Given(JobOverrides overrides, JobDraft draft) =>
        [
            .. overrides.Sources.Select(pattern => new SourceSpec
            {
                Pattern = pattern,
                Options = draft.Source,
                Location = "--source",
            }),
        ];

    /// <summary>What is wrong with the sources of the command line and their options.</summary>
    public static IEnumerable<string> Problems(JobOverrides overrides, JobDraft draft) =>
        overrides
            .Sources.Select(pattern => (pattern, problem: SourcePattern.Problem(pattern)))
            .Where(pair => pair.problem is not null)
            .Select(pair => $"--source {PrintableText.Of(pair.pattern)}: {pair.problem}")
            .Concat(Conflicts(draft.Source));

    private static (string? Pattern, JobDraft Own) Item(ManifestText text, YamlNode item, JobDraft draft)
    {
        var path = item;
        if (item is YamlMappingNode mapping)
        {
            path = null;
            foreach (var (key, value) in OptionNodes.TrackerFirst(text.Pairs(mapping)))
            {
                if (key.Value == "path")
                {
                    path = value;
                }
                else
                {
                    draft = OptionNodes.ApplyAtSource(text, draft, key, value);
                }
            }
        }

        if (path is not YamlScalarNode { Value: { } pattern } || string.IsNullOrWhiteSpace(pattern))
        {
            text.Problem(path ?? item, "a source is a path, or a mapping with the key 'path'");
            return (null, draft);
        }

        if (SourcePattern.Problem(pattern) is { } problem)
        {
            text.Problem(path, problem);
            return (null, draft);
        }

        return (pattern, draft);
    }

    private static IEnumerable<string> Conflicts(SourceOptions options)
    {
        if (options.Decoding is { Start: { } start, End: { } end } && (start.Seconds >= end.Seconds || start.Frame >= end.Frame))
        {
            yield return "'start' is not before 'end'";
        }

        if (options.Tracking.TrackLowThresh > options.Tracking.TrackHighThresh)
        {
            yield return "'track_low_thresh' is above 'track_high_thresh'";
        }

        if (options.Tracking is { WithReid: true, Tracker: "deepocsort" })
        {
            yield return "'with_reid' is not offered for deepocsort, which goes by boxes here: leave it out, or take botsort or tracktrack";
        }

        if (options.Tracking is { WithReid: true, Tracker: "botsort" or "tracktrack", AppearanceModel: null })
        {
            yield return "'with_reid' needs an appearance model: write model: FILE.onnx beside it, or --reid-model FILE.onnx (auto is the detector's own feature maps, which an ONNX export does not give)";
        }

        if (options.Encoding is { Crf: > 51, Codec: not VideoCodec.Av1 })
        {
            yield return $"'crf' is {options.Encoding.Crf}; {options.Encoding.Codec.ToString().ToLowerInvariant()} takes at most 51";
        }
    }
}
