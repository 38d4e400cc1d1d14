using System.Text.Json.Nodes;
using SegBatch.Evaluation;

namespace SegBatch.Cli;

/// <summary>An evaluation as one JSON object: docs/evaluation.md. What is undefined is null.</summary>
internal static class EvalJson
{
    public static JsonObject Of(EvaluationReport report)
    {
        var json = new JsonObject
        {
            ["videos"] = new JsonArray([.. report.Videos.Select(video => JsonValue.Create(video))]),
            ["videos_left_out"] = new JsonArray([.. report.VideosLeftOut.Select(video => JsonValue.Create(video))]),
            ["frames"] = report.Frames,
            ["truth"] = report.Truths,
            ["found"] = report.Founds,
            ["found_of_other_classes"] = report.FoundsOfOtherClasses,
        };
        foreach (var precision in report.Precisions)
        {
            json[Name(precision.Kind)] = Precision(precision, report.ClassNames);
        }

        json["tracking"] = report.Tracking is null ? null : Tracking(report.Tracking, report.ClassNames);
        return json;
    }

    /// <summary>"mask", "boundary" or "box".</summary>
    public static string Name(OverlapKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>On masks, CLEAR's figures have names of their own.</summary>
    public static string Name(string figure, OverlapKind kind) =>
        kind == OverlapKind.Box
            ? figure
            : figure switch
            {
                "MOTA" => "MOTSA",
                "MOTP" => "MOTSP",
                "sMOTA" => "sMOTSA",
                "MODA" => "MODSA",
                _ => figure,
            };

    private static JsonObject Precision(AveragePrecision precision, IReadOnlyDictionary<int, string> names)
    {
        var json = Figures(precision.Summary.Figures);
        var classes = new JsonObject();
        foreach (var item in precision.Classes)
        {
            var ofClass = Figures(item.Summary.Figures);
            ofClass["AP_per_iou"] = Numbers(item.PrecisionPerIoU);
            ofClass["AR100_per_iou"] = Numbers(item.RecallPerIoU);
            if (item.Curve is { } curve)
            {
                ofClass["best_f1"] = Point(curve.Best);
                ofClass["curve"] = new JsonArray([.. curve.Points.Select(Point)]);
            }

            classes[names[item.ClassId]] = ofClass;
        }

        json["classes"] = classes;
        return json;
    }

    private static JsonObject Tracking(TrackingReport tracking, IReadOnlyDictionary<int, string> names)
    {
        var json = Score(tracking.All);
        json["on"] = Name(tracking.Kind);
        json["class_average"] = Figures(tracking.ClassAverage);
        json["classes"] = new JsonObject(
            tracking.Classes.Select(item => KeyValuePair.Create(names[item.ClassId], (JsonNode?)Score(item.Score)))
        );
        json["per_video"] = new JsonObject(tracking.Videos.Select(item => KeyValuePair.Create(item.Video, (JsonNode?)Score(item.Score))));
        return json;
    }

    private static JsonObject Score(TrackingScore score)
    {
        var json = Figures(score.Figures);
        foreach (var (name, count) in score.Counts)
        {
            json[name] = count;
        }

        json["HOTA_per_alpha"] = Numbers(score.Hota.PerAlpha);
        json["DetA_per_alpha"] = Numbers(score.Hota.DetA);
        json["AssA_per_alpha"] = Numbers(score.Hota.AssA);
        json["LocA_per_alpha"] = Numbers(score.Hota.LocA);
        return json;
    }

    private static JsonObject Figures(IEnumerable<(string Name, double Value)> figures) =>
        new(figures.Select(figure => KeyValuePair.Create(figure.Name, Number(figure.Value))));

    private static JsonArray Numbers(IEnumerable<double> values) => [.. values.Select(Number)];

    private static JsonObject Point(ScorePoint point) =>
        new()
        {
            ["score"] = Number(point.Score),
            ["precision"] = Number(point.Precision),
            ["recall"] = Number(point.Recall),
            ["f1"] = Number(point.F1),
        };

    private static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
