using SegBatch.Native.DuckDb;
using SegBatch.Tables;

namespace SegBatch.Output;

/// <summary>
/// Streams the rows of one table into one zstd Parquet file, in the order they come. Memory is that of one row group, whatever
/// the number of rows; the bytes depend on the rows and the metadata alone.
/// </summary>
public sealed class ParquetTableWriter<TRow> : IDisposable
{
    private readonly Table<TRow> _table;
    private readonly DuckDbConnection _connection;
    private readonly RowStream _rows;
    private bool _finished;

    /// <param name="table">What the rows are.</param>
    /// <param name="path">File to write; its folder exists.</param>
    /// <param name="metadata">Key-value metadata of the file.</param>
    public ParquetTableWriter(Table<TRow> table, string path, IReadOnlyDictionary<string, string> metadata)
    {
        _table = table;
        Path = path;
        _connection = ParquetFormat.Connect();
        _rows = new RowStream(_connection, table.NativeColumns, id => ParquetFormat.Copy(id, path, metadata));
    }

    public string Path { get; }

    /// <summary>Rows written so far.</summary>
    public long Count { get; private set; }

    /// <exception cref="IOException">The file cannot be written; the message has DuckDB's reason.</exception>
    public void Write(in TRow row)
    {
        try
        {
            _table.Append(_rows, in row);
        }
        catch (DuckDbException error)
        {
            throw Failure(error);
        }

        Count++;
    }

    /// <summary>Completes the file.</summary>
    /// <exception cref="IOException">The file cannot be written; the message has DuckDB's reason.</exception>
    public void Finish()
    {
        try
        {
            _rows.Complete();
        }
        catch (DuckDbException error)
        {
            throw Failure(error);
        }

        _finished = true;
    }

    /// <summary>Without <see cref="Finish"/> before it, removes the file.</summary>
    public void Dispose()
    {
        _rows.Dispose();
        _connection.Dispose();
        if (!_finished && File.Exists(Path))
        {
            File.Delete(Path);
        }
    }

    private IOException Failure(DuckDbException error) =>
        new($"The table {_table.Name} cannot be written to {Path} after {Count} rows: {error.Message}", error);
}
