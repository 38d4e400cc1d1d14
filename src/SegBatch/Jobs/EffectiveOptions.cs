using System.Text.Json.Nodes;
using SegBatch.Decoding;

namespace SegBatch.Jobs;

/// <summary>Writes a source's options under the manifest's names: for run.json, the tables' metadata, and to compare two runs.</summary>
public static class EffectiveOptions
{
    /// <summary>Every option that can change a result; nothing about the machine.</summary>
    public static JsonObject ToJson(SourceOptions options) =>
        new()
        {
            ["start"] = Moment(options.Decoding.Start),
            ["end"] = Moment(options.Decoding.End),
            ["stride"] = options.Decoding.Stride,
            ["detect"] = new JsonObject
            {
                ["imgsz"] = options.Letterbox.ImgSz is { } size ? new JsonArray(size.Height, size.Width) : null,
                ["letterbox"] = options.Letterbox.Letterbox?.ToString().ToLowerInvariant(),
                ["conf"] = options.Detection.Conf,
                ["iou"] = options.Detection.Iou,
                ["max_det"] = options.Detection.MaxDet,
                ["classes"] = options.Classes is null ? null : new JsonArray([.. options.Classes.Select(name => JsonValue.Create(name))]),
                ["agnostic_nms"] = options.Detection.AgnosticNms,
                ["masks"] = options.Detection.Masks.ToString().ToLowerInvariant(),
                ["mode"] = options.Letterbox.Reference ? "reference" : "default",
            },
            ["track"] = new JsonObject
            {
                ["tracker"] = options.Tracking.Tracker,
                ["track_high_thresh"] = options.Tracking.TrackHighThresh,
                ["track_low_thresh"] = options.Tracking.TrackLowThresh,
                ["new_track_thresh"] = options.Tracking.NewTrackThresh,
                ["lost_seconds"] = options.Tracking.LostSeconds,
                ["track_buffer"] = options.Tracking.TrackBuffer,
                ["match_thresh"] = options.Tracking.MatchThresh,
                ["fuse_score"] = options.Tracking.FuseScore,
            },
            ["annotate"] = new JsonObject
            {
                ["video"] = options.Encoding.Video,
                ["color_by"] = options.Annotation.ColorBy.ToString().ToLowerInvariant(),
                ["masks"] = options.Annotation.Masks,
                ["contours"] = options.Annotation.Contours,
                ["boxes"] = options.Annotation.Boxes,
                ["labels"] = options.Annotation.Labels,
                ["show_conf"] = options.Annotation.ShowConf,
                ["trace_seconds"] = options.Annotation.TraceSeconds,
                ["line_width"] = options.Annotation.LineWidth,
                ["mask_opacity"] = options.Annotation.MaskOpacity,
                ["codec"] = options.Encoding.Codec.ToString().ToLowerInvariant(),
                ["container"] = options.Encoding.Container,
                ["crf"] = options.Encoding.Crf,
                ["preset"] = options.Encoding.Preset,
                ["audio"] = options.Encoding.Audio.ToString().ToLowerInvariant(),
            },
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
            else if (old?.ToJsonString() != fresh?.ToJsonString())
            {
                found.Add($"{prefix}{key}: was {old?.ToJsonString() ?? "null"}, now {fresh?.ToJsonString() ?? "null"}");
            }
        }
    }

    private static JsonValue? Moment(Moment? moment) =>
        moment switch
        {
            { Frame: { } frame } => JsonValue.Create($"frame {frame}"),
            { Seconds: { } seconds } => JsonValue.Create(seconds),
            _ => null,
        };
}
