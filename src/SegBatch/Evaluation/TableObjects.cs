using SegBatch.Geometry;
using SegBatch.Output;

namespace SegBatch.Evaluation;

/// <summary>The objects of tables with the columns of `instances`: of a run, of the demo's truth, of anybody's own Parquet files.</summary>
public sealed class TableObjects : IDisposable
{
    private static readonly string[] s_boxColumns = ["x1", "y1", "x2", "y2"];
    private static readonly string[] s_order = ["frame", "instance", "track_id"];

    private readonly TableQuery _query;
    private readonly double _leastVisible;
    private readonly bool _hasFrames;
    private readonly HashSet<string> _columns;

    private TableObjects(TableQuery query, double leastVisible, bool hasFrames)
    {
        (_query, _leastVisible, _hasFrames) = (query, leastVisible, hasFrames);
        _columns = [.. Texts("SELECT column_name FROM (DESCRIBE instances)")];
        string[] needed = ["video", "frame", "class_id"];
        if (needed.Except(_columns).ToList() is { Count: > 0 } missing)
        {
            throw new EvaluationException($"The table has no column {string.Join(", ", missing)}; columns as in `segbatch schema`.");
        }

        if (!HasMasks && !HasBoxes)
        {
            throw new EvaluationException("The table has neither mask_rle, mask_width and mask_height nor x1, y1, x2 and y2.");
        }
    }

    /// <param name="path">An output folder, a folder of Parquet files, or one.</param>
    /// <param name="leastVisible">Objects of which a smaller share is seen, by the column `visible`, are ignored.</param>
    /// <exception cref="QueryException">It cannot be read.</exception>
    /// <exception cref="EvaluationException">A column is missing.</exception>
    public static TableObjects Open(string path, double leastVisible = 0)
    {
        var isOutput = Directory.Exists(Path.Combine(path, "instances"));
        var query = isOutput ? TableQuery.Open(path) : TableQuery.OpenInstances(path);
        try
        {
            return new TableObjects(query, leastVisible, isOutput && TableQuery.HasTable(path, "frames"));
        }
        catch
        {
            query.Dispose();
            throw;
        }
    }

    /// <summary>All videos, where there is a table of their frames; else those with at least one object.</summary>
    public IReadOnlyList<string> Videos =>
        Texts(
            _hasFrames
                ? "SELECT video FROM instances UNION SELECT video FROM frames ORDER BY video"
                : "SELECT DISTINCT video FROM instances ORDER BY video"
        );

    private bool HasMasks => _columns.Contains("mask_rle") && _columns.Contains("mask_width") && _columns.Contains("mask_height");

    private bool HasBoxes => s_boxColumns.All(_columns.Contains);

    /// <summary>Names by class number.</summary>
    public IReadOnlyDictionary<int, string> ClassNames()
    {
        var names = new Dictionary<int, string>();
        using var rows = _query.Run(
            $"SELECT class_id::BIGINT, min({Column("class_name", "VARCHAR", "class_id::VARCHAR")}) FROM instances GROUP BY class_id ORDER BY class_id"
        );
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Count; row++)
            {
                names[(int)rows.Whole(0, row)] = rows.Text(1, row)!;
            }
        }

        return names;
    }

    /// <summary>The objects of a video by frame, then in the order of detection; the rows are read as they are taken.</summary>
    public IEnumerable<(long Frame, StoredObject Object)> Rows(string video)
    {
        var boxes = HasBoxes
            ? string.Join(", ", s_boxColumns.Select(name => $"{name}::DOUBLE"))
            : "0::DOUBLE, 0::DOUBLE, 0::DOUBLE, 0::DOUBLE";
        var masks = HasMasks ? "mask_rle, mask_width::BIGINT, mask_height::BIGINT" : "NULL::VARCHAR, 0::BIGINT, 0::BIGINT";
        var order = string.Join(", ", s_order.Where(_columns.Contains));
        using var rows = _query.Run(
            $"""
            SELECT frame::BIGINT, class_id::BIGINT, {Column("track_id", "BIGINT", "NULL")}, coalesce({Column("score", "DOUBLE", "1")}, 0),
                {Column("visible", "DOUBLE", "1")}, {boxes}, {masks}
            FROM instances WHERE video = {Literal(video)} ORDER BY {order}
            """
        );
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Count; row++)
            {
                yield return (rows.Whole(0, row), Object(rows, row));
            }
        }
    }

    public void Dispose() => _query.Dispose();

    private List<string> Texts(string sql)
    {
        var texts = new List<string>();
        using var rows = _query.Run(sql);
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Count; row++)
            {
                texts.Add(rows.Text(0, row)!);
            }
        }

        return texts;
    }

    internal static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private StoredObject Object(QueryRows rows, int row)
    {
        var isMask = !rows.IsNull(9, row);
        return new StoredObject(
            (int)rows.Whole(1, row),
            rows.IsNull(2, row) ? null : rows.Whole(2, row),
            rows.Real(3, row),
            HasBoxes ? new BoxCorners(rows.Real(5, row), rows.Real(6, row), rows.Real(7, row), rows.Real(8, row)) : null,
            isMask ? rows.Utf8(9, row).ToArray() : null,
            isMask ? new FrameSize((int)rows.Whole(10, row), (int)rows.Whole(11, row)) : default,
            IsIgnored: !rows.IsNull(4, row) && rows.Real(4, row) < _leastVisible
        );
    }

    private string Column(string name, string type, string otherwise) => $"{(_columns.Contains(name) ? name : otherwise)}::{type}";
}
