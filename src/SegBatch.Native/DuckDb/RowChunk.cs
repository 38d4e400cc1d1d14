using System.Text;

namespace SegBatch.Native.DuckDb;

/// <summary>
/// The vectors of one chunk that DuckDB has lent, and the row in them that is being filled in place. Set every cell of a row, then
/// <see cref="EndRow"/>.
/// </summary>
internal sealed unsafe class RowChunk(IReadOnlyList<DuckDbColumn> columns)
{
    private readonly int[] _widths = [.. columns.Select(column => DuckDbTypes.Width(column.Type))];
    private readonly nint[] _vectors = new nint[columns.Count];
    private readonly byte*[] _data = new byte*[columns.Count];
    private readonly ulong*[] _validity = new ulong*[columns.Count];
    private readonly int _capacity = (int)Imports.VectorSize();
    private nint _chunk;
    private int _row;

    /// <summary>There is a chunk to write into.</summary>
    public bool IsOpen => _chunk != 0;

    /// <summary>Starts with an empty chunk.</summary>
    public void Open(nint chunk)
    {
        for (var i = 0; i < _vectors.Length; i++)
        {
            _vectors[i] = Imports.ChunkVector(chunk, (ulong)i);
            _data[i] = Imports.VectorData(_vectors[i]);
            _validity[i] = null;
        }

        (_chunk, _row) = (chunk, 0);
    }

    /// <summary>Tells the chunk how many rows it has, and lets go of it.</summary>
    public void Close()
    {
        Imports.SetChunkSize(_chunk, (ulong)_row);
        _chunk = 0;
    }

    /// <summary>Moves to the next row; false where there is room for no more.</summary>
    public bool EndRow() => ++_row < _capacity;

    /// <exception cref="InvalidOperationException">The column's values have another width.</exception>
    public void Check<T>(int column)
        where T : unmanaged
    {
        if (sizeof(T) != _widths[column])
        {
            throw new InvalidOperationException($"Column {columns[column].Name} holds {columns[column].Type}, not {typeof(T).Name}.");
        }
    }

    /// <exception cref="InvalidOperationException">The column's values are no text.</exception>
    public void CheckText(int column)
    {
        if (columns[column].Type != DuckDbType.Varchar)
        {
            throw new InvalidOperationException($"Column {columns[column].Name} holds {columns[column].Type}, not text.");
        }
    }

    public void Set<T>(int column, T value)
        where T : unmanaged => ((T*)_data[column])[_row] = value;

    public void SetUtf8(int column, ReadOnlySpan<byte> text)
    {
        var cell = _data[column] + _row * DuckDbTypes.TextCell;
        if (text.Length <= DuckDbTypes.InlineText)
        {
            new Span<byte>(cell, DuckDbTypes.TextCell).Clear();
            *(int*)cell = text.Length;
            text.CopyTo(new Span<byte>(cell + 4, DuckDbTypes.InlineText));
            return;
        }

        fixed (byte* bytes = text)
        {
            Imports.AssignString(_vectors[column], (ulong)_row, bytes, (ulong)text.Length);
        }
    }

    public void SetText(int column, ReadOnlySpan<char> text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = most <= 512 ? stackalloc byte[512] : new byte[most];
        SetUtf8(column, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    public void SetNull(int column)
    {
        if (_validity[column] == null)
        {
            Imports.EnsureValidityWritable(_vectors[column]);
            _validity[column] = Imports.VectorValidity(_vectors[column]);
        }

        _validity[column][_row >> 6] &= ~(1UL << (_row & 63));
    }
}
