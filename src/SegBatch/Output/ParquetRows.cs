using SegBatch.Native.DuckDb;

namespace SegBatch.Output;

/// <summary>
/// The rows of one Parquet file in the order in which they were written, one at a time, with the memory of a chunk. Cells are those of
/// the current row; <see cref="HasRow"/> says whether there is one.
/// </summary>
internal sealed class ParquetRows : IDisposable
{
    private readonly string _path;
    private readonly DuckDbConnection _connection;
    private readonly DuckDbResult? _result;
    private int _row = -1;

    /// <param name="path">An existing file.</param>
    /// <param name="columns">As SQL, in the order of their numbers.</param>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public ParquetRows(string path, string columns)
    {
        _path = path;
        _connection = ParquetFormat.ConnectReader();
        try
        {
            // A folder called "video=yard" is no partition, whose name would stand in place of the column.
            var file = ParquetFormat.Literal(ParquetFormat.Escape(Path.GetFullPath(path)));
            _result = _connection.Query($"SELECT {columns} FROM read_parquet({file}, hive_partitioning = false)");
            Next();
        }
        catch (DuckDbException error)
        {
            Dispose();
            throw Unreadable(error);
        }
    }

    public bool HasRow { get; private set; }

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public void Next()
    {
        try
        {
            if (++_row < _result!.Rows)
            {
                return;
            }

            _row = 0;
            HasRow = _result.NextChunk();
        }
        catch (DuckDbException error)
        {
            throw Unreadable(error);
        }
    }

    public bool IsNull(int column) => _result!.IsNull(column, _row);

    public T Value<T>(int column)
        where T : unmanaged => _result!.Value<T>(column, _row);

    public T? Maybe<T>(int column)
        where T : unmanaged => IsNull(column) ? null : Value<T>(column);

    /// <summary>Valid until <see cref="Next"/>.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => _result!.Utf8(column, _row);

    public string? Text(int column) => _result!.Text(column, _row);

    public void Dispose()
    {
        _result?.Dispose();
        _connection.Dispose();
    }

    private InvalidDataException Unreadable(DuckDbException error) => new($"{_path} cannot be read: {error.Message}", error);
}
