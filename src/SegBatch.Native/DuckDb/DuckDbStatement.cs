using System.Runtime.InteropServices;

namespace SegBatch.Native.DuckDb;

/// <summary>A statement that was parsed and bound.</summary>
public sealed class DuckDbStatement : IDisposable
{
    private readonly PreparedHandle _handle;

    internal DuckDbStatement(PreparedHandle handle, bool isLast)
    {
        _handle = handle;
        IsLast = isLast;
    }

    public StatementKind Kind => Imports.StatementType(_handle);

    /// <summary>What it will return.</summary>
    public IReadOnlyList<DuckDbColumn> Columns()
    {
        var columns = new DuckDbColumn[Imports.StatementColumnCount(_handle)];
        for (var i = 0; i < columns.Length; i++)
        {
            var name = Imports.StatementColumnName(_handle, (ulong)i);
            columns[i] = new(Marshal.PtrToStringUTF8(name)!, Imports.StatementColumnType(_handle, (ulong)i));
            Imports.Free(name);
        }

        return columns;
    }

    /// <summary>No other statement follows in the SQL that was prepared.</summary>
    public bool IsLast { get; }

    /// <summary>Starts it; rows are made while they are read, where the plan allows it.</summary>
    /// <exception cref="DuckDbException">With DuckDB's text.</exception>
    public DuckDbResult Execute()
    {
        var result = new ResultHandle();
        if (Imports.ExecuteStreaming(_handle, result) != 0)
        {
            using (result)
            {
                throw DuckDbResult.Error(result);
            }
        }

        return new DuckDbResult(result);
    }

    public void Dispose() => _handle.Dispose();

    internal DuckDbException Error() => new(Marshal.PtrToStringUTF8(Imports.PrepareError(_handle)) ?? "DuckDB gives no reason.");
}
