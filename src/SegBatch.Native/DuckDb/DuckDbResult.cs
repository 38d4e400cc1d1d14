using System.Runtime.InteropServices;
using System.Text;

namespace SegBatch.Native.DuckDb;

/// <summary>Name and type of a column.</summary>
public readonly record struct DuckDbColumn(string Name, DuckDbType Type);

/// <summary>Rows of a query, read chunk by chunk: <see cref="NextChunk"/>, then the cells of its rows.</summary>
public sealed unsafe class DuckDbResult : IDisposable
{
    private readonly ResultHandle _handle;
    private readonly byte*[] _data;
    private readonly ulong*[] _validity;
    private ChunkHandle? _chunk;

    internal DuckDbResult(ResultHandle handle)
    {
        _handle = handle;
        var columns = new DuckDbColumn[Imports.ColumnCount(handle)];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = new(Marshal.PtrToStringUTF8(Imports.ColumnName(handle, (ulong)i))!, Imports.ColumnType(handle, (ulong)i));
        }

        Columns = columns;
        _data = new byte*[columns.Length];
        _validity = new ulong*[columns.Length];
    }

    public IReadOnlyList<DuckDbColumn> Columns { get; }

    /// <summary>Rows in the current chunk.</summary>
    public int Rows { get; private set; }

    /// <summary>Moves to the next chunk; false after the last one.</summary>
    /// <exception cref="DuckDbException">The query failed on the way.</exception>
    public bool NextChunk()
    {
        _chunk?.Dispose();
        _chunk = null;
        Rows = 0;
        var raw = Imports.FetchChunk(_handle.Value);
        if (raw == 0)
        {
            return Imports.ResultError(_handle) == 0 ? false : throw Error(_handle);
        }

        _chunk = new ChunkHandle(raw);
        Rows = (int)Imports.ChunkSize(raw);
        for (var i = 0; i < _data.Length; i++)
        {
            var vector = Imports.ChunkVector(raw, (ulong)i);
            _data[i] = Imports.VectorData(vector);
            _validity[i] = Imports.VectorValidity(vector);
        }

        return Rows > 0;
    }

    public bool IsNull(int column, int row)
    {
        CheckRow(row);
        var validity = _validity[column];
        return validity != null && (validity[row >> 6] >> (row & 63) & 1) == 0;
    }

    /// <summary>A cell of a fixed-width type; its value is undefined where <see cref="IsNull"/>.</summary>
    /// <exception cref="InvalidOperationException">The column's values have another width.</exception>
    public T Value<T>(int column, int row)
        where T : unmanaged
    {
        CheckRow(row);
        return sizeof(T) == DuckDbTypes.Width(Columns[column].Type)
            ? ((T*)_data[column])[row]
            : throw new InvalidOperationException($"Column {Columns[column].Name} holds {Columns[column].Type}, not {typeof(T).Name}.");
    }

    /// <summary>The UTF-8 bytes of a VARCHAR cell, valid until the next chunk; empty where it is null.</summary>
    public ReadOnlySpan<byte> Utf8(int column, int row)
    {
        if (Columns[column].Type != DuckDbType.Varchar)
        {
            throw new InvalidOperationException($"Column {Columns[column].Name} holds {Columns[column].Type}, not text.");
        }

        if (IsNull(column, row))
        {
            return default;
        }

        // duckdb_string_t: length, then 12 bytes of text, or 4 bytes of prefix and a pointer.
        var cell = _data[column] + row * DuckDbTypes.TextCell;
        var length = *(int*)cell;
        return new(length <= DuckDbTypes.InlineText ? cell + 4 : *(byte**)(cell + 8), length);
    }

    /// <summary>A VARCHAR cell; null where it is null.</summary>
    public string? Text(int column, int row) => IsNull(column, row) ? null : Encoding.UTF8.GetString(Utf8(column, row));

    public void Dispose()
    {
        _chunk?.Dispose();
        _handle.Dispose();
    }

    internal static DuckDbException Error(ResultHandle result) =>
        new(Marshal.PtrToStringUTF8(Imports.ResultError(result)) ?? "DuckDB gives no reason.");

    private void CheckRow(int row) => ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
}
