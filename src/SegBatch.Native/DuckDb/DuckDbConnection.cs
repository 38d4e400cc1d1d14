using System.Runtime.InteropServices;

namespace SegBatch.Native.DuckDb;

/// <summary>Runs SQL, one statement at a time.</summary>
public sealed class DuckDbConnection : IDisposable
{
    private readonly ConnectionHandle _handle;

    internal DuckDbConnection(ConnectionHandle handle) => _handle = handle;

    internal ConnectionHandle Handle => _handle;

    /// <summary>Runs SQL to its end and drops what it returns.</summary>
    /// <exception cref="DuckDbException">With DuckDB's text.</exception>
    public void Execute(string sql)
    {
        using var result = new ResultHandle();
        if (Imports.Query(_handle, sql, result) != 0)
        {
            throw DuckDbResult.Error(result);
        }
    }

    /// <summary>Parses SQL into its statements and binds the first one; each next one is bound when it is asked for.</summary>
    /// <exception cref="DuckDbException">With DuckDB's text: line and caret included.</exception>
    public IEnumerable<DuckDbStatement> Prepare(string sql)
    {
        var count = Imports.ExtractStatements(_handle, sql, out var raw);
        using var statements = new ExtractedHandle(raw);
        if (count == 0)
        {
            var error = Marshal.PtrToStringUTF8(Imports.ExtractStatementsError(statements));
            throw new DuckDbException(string.IsNullOrEmpty(error) ? "The SQL holds no statement." : error);
        }

        for (var i = 0UL; i < count; i++)
        {
            var state = Imports.PrepareExtracted(_handle, statements, i, out var prepared);
            var statement = new DuckDbStatement(new PreparedHandle(prepared), isLast: i == count - 1);
            if (state != 0)
            {
                using (statement)
                {
                    throw statement.Error();
                }
            }

            yield return statement;
        }
    }

    /// <summary>Runs one statement and returns its rows as they are made.</summary>
    /// <exception cref="DuckDbException">With DuckDB's text.</exception>
    public DuckDbResult Query(string sql)
    {
        using var statement = Prepare(sql).First();
        return statement.Execute();
    }

    /// <summary>Makes a running statement fail soon. May be called from any thread, also when the connection is being closed.</summary>
    public void Interrupt()
    {
        try
        {
            Imports.Interrupt(_handle);
        }
        catch (ObjectDisposedException)
        {
            // Closed in the meantime: nothing runs that could be interrupted.
        }
    }

    public void Dispose() => _handle.Dispose();
}
