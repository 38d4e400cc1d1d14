using System.Text;
using SegBatch.Native.DuckDb;

namespace SegBatch.Output;

/// <summary>How Parquet files are written and read: one database each for the process, one connection for each file.</summary>
internal static class ParquetFormat
{
    /// <summary>A common size for readers that share out row groups; reached only by tables of small rows.</summary>
    private const int RowGroupRows = 122_880;

    /// <summary>Bounds what a file being written holds in memory: rows with masks reach this first.</summary>
    private const string RowGroupBytes = "2MB";

    // One thread, so that a statement runs on the thread that started it and rows stay in order; with that order given,
    // "insertion order" is switched off because DuckDB takes a limit in bytes only then.
    private static readonly Lazy<DuckDbDatabase> Database = new(() =>
    {
        var database = DuckDbDatabase.InMemory(threads: 1, ("preserve_insertion_order", "false"));
        using var connection = database.Connect();
        RowFunction.Register(connection);
        return database;
    });

    // One thread and rows in the file's order, made while they are read; a file is read once, so none of it is kept.
    private static readonly Lazy<DuckDbDatabase> Readers = new(() =>
        DuckDbDatabase.InMemory(threads: 1, ("enable_external_file_cache", "false"))
    );

    /// <summary>A connection that reads files from their first row to the last.</summary>
    internal static DuckDbConnection ConnectReader() => Readers.Value.Connect();

    internal static DuckDbConnection Connect() => Database.Value.Connect();

    /// <summary>The statement that copies the rows of a stream into a file.</summary>
    internal static string Copy(long stream, string path, IReadOnlyDictionary<string, string> metadata)
    {
        var sql = new StringBuilder();
        sql.Append($"COPY (FROM segbatch_rows({stream})) TO {Literal(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, ");
        sql.Append($"ROW_GROUP_SIZE {RowGroupRows}, ROW_GROUP_SIZE_BYTES '{RowGroupBytes}'");
        if (metadata.Count > 0)
        {
            var pairs = metadata
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => $"{Literal(pair.Key)}: {Literal(pair.Value)}");
            sql.Append($", KV_METADATA {{{string.Join(", ", pairs)}}}");
        }

        return sql.Append(')').ToString();
    }

    /// <summary>A path in which nothing is a wildcard.</summary>
    internal static string Escape(string path) => string.Concat(path.Select(c => c is '[' or '*' or '?' ? $"[{c}]" : c.ToString()));

    /// <summary>Text as an SQL literal.</summary>
    internal static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
