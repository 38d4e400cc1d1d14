using SegBatch.Output;
using SegBatch.Tables;

namespace SegBatch.Evaluation;

/// <summary>One number of an evaluation.</summary>
/// <param name="Video">Null for all videos together.</param>
/// <param name="Class">Null for all classes together.</param>
/// <param name="Family">mask, boundary, box: average precision on these; tracking.</param>
/// <param name="Value">Null where it is undefined.</param>
public readonly record struct EvaluationRow(string? Video, string? Class, string Family, string Metric, double? Value);

/// <summary>An evaluation as rows, for queries over many of them.</summary>
public static class EvaluationTable
{
    /// <summary>Columns of the file.</summary>
    public static Table<EvaluationRow> Metrics { get; } =
        new(
            "evaluation",
            "one row per number",
            Column<EvaluationRow>.Text("video", "", "key of the video; NULL for all together", (in row) => row.Video),
            Column<EvaluationRow>.Text("class_name", "", "name of the class; NULL for all together", (in row) => row.Class),
            Column<EvaluationRow>.Text("family", "", "mask, boundary or box (average precision), or tracking", (in row) => row.Family),
            Column<EvaluationRow>.Text("metric", "", "name of the number", (in row) => row.Metric),
            Column<EvaluationRow>.Double("value", "", "NULL where it is undefined", (in row) => row.Value)
        );

    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(EvaluationReport report, string path)
    {
        using var writer = new ParquetTableWriter<EvaluationRow>(Metrics, path, new Dictionary<string, string>());
        foreach (var row in Rows(report))
        {
            writer.Write(in row);
        }

        writer.Finish();
    }

    /// <summary>All rows: precision first, then tracks.</summary>
    public static IEnumerable<EvaluationRow> Rows(EvaluationReport report)
    {
        foreach (var precision in report.Precisions)
        {
            var family = precision.Kind.ToString().ToLowerInvariant();
            foreach (var row in Of(null, null, family, precision.Summary.Figures))
            {
                yield return row;
            }

            foreach (
                var row in precision.Classes.SelectMany(item => Of(null, report.ClassNames[item.ClassId], family, item.Summary.Figures))
            )
            {
                yield return row;
            }
        }

        if (report.Tracking is not { } tracking)
        {
            yield break;
        }

        var scores = tracking
            .Classes.Select(item => ((string?)null, (string?)report.ClassNames[item.ClassId], item.Score))
            .Concat(tracking.Videos.Select(item => ((string?)item.Video, (string?)null, item.Score)))
            .Prepend((null, null, tracking.All));
        foreach (var (video, name, score) in scores)
        {
            var counts = score.Counts.Select(count => (count.Name, (double)count.Value));
            foreach (var row in Of(video, name, "tracking", score.Figures.Concat(counts)))
            {
                yield return row;
            }
        }
    }

    private static IEnumerable<EvaluationRow> Of(
        string? video,
        string? name,
        string family,
        IEnumerable<(string Name, double Value)> figures
    ) => figures.Select(figure => new EvaluationRow(video, name, family, figure.Name, double.IsFinite(figure.Value) ? figure.Value : null));
}
