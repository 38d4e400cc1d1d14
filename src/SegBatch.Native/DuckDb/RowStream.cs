using System.Collections.Concurrent;

namespace SegBatch.Native.DuckDb;

/// <summary>
/// Feeds rows into a running SQL statement, such as COPY … TO a Parquet file. The statement runs on a thread of its own and reads
/// <c>FROM segbatch_rows(<see cref="Id"/>)</c>; its empty vectors are handed to the caller to be filled in place, one chunk at a time.
/// So nothing is stored twice, memory is what the statement itself needs, and the rows' chunks do not depend on timing.
/// Set every cell of a row, then <see cref="EndRow"/>. One caller at a time.
/// </summary>
public sealed class RowStream : IDisposable
{
    private static readonly ConcurrentDictionary<long, RowStream> Running = new();
    private static long _lastId;

    private readonly DuckDbConnection _connection;
    private readonly Func<long, string> _sql;
    private readonly RowChunk _rows;
    private readonly object _gate = new();
    private Thread? _thread;
    private nint _chunk; // lent by DuckDB while not 0
    private bool _complete;
    private bool _aborted;
    private bool _ended;
    private Exception? _failure;

    /// <summary>Prepares a stream; the statement starts with the first row, or with <see cref="Complete"/>.</summary>
    /// <param name="connection">Of a database where <see cref="RowFunction.Register"/> was called. Used by this stream alone until it is disposed.</param>
    /// <param name="columns">What <c>segbatch_rows</c> returns.</param>
    /// <param name="sql">The statement, given the stream's id.</param>
    public RowStream(DuckDbConnection connection, IReadOnlyList<DuckDbColumn> columns, Func<long, string> sql)
    {
        _connection = connection;
        _sql = sql;
        Columns = columns;
        Id = Interlocked.Increment(ref _lastId);
        _rows = new RowChunk(columns);
    }

    public long Id { get; }

    public IReadOnlyList<DuckDbColumn> Columns { get; }

    /// <summary>Sets a cell of the current row.</summary>
    /// <exception cref="DuckDbException">The statement failed.</exception>
    /// <exception cref="InvalidOperationException">The column's values have another width.</exception>
    public void Set<T>(int column, T value)
        where T : unmanaged
    {
        _rows.Check<T>(column);
        Begin();
        _rows.Set(column, value);
    }

    /// <summary>Sets a VARCHAR cell of the current row to UTF-8 bytes, which are copied and must be well-formed.</summary>
    public void SetUtf8(int column, ReadOnlySpan<byte> text)
    {
        _rows.CheckText(column);
        Begin();
        _rows.SetUtf8(column, text);
    }

    /// <summary>Sets a VARCHAR cell of the current row. Text that is not well-formed UTF-16 gets replacement characters.</summary>
    public void SetText(int column, ReadOnlySpan<char> text)
    {
        _rows.CheckText(column);
        Begin();
        _rows.SetText(column, text);
    }

    /// <summary>Sets a cell of the current row to NULL.</summary>
    public void SetNull(int column)
    {
        Begin();
        _rows.SetNull(column);
    }

    /// <summary>Ends the current row. A full chunk goes to the statement; the next row waits until it has taken it.</summary>
    public void EndRow()
    {
        Begin();
        if (!_rows.EndRow())
        {
            HandOver();
        }
    }

    /// <summary>Ends the rows and waits until the statement has ended.</summary>
    /// <exception cref="DuckDbException">It failed, with DuckDB's text.</exception>
    public void Complete()
    {
        Start();
        lock (_gate)
        {
            _complete = true;
            if (_rows.IsOpen)
            {
                HandOver();
            }

            Monitor.PulseAll(_gate);
        }

        _thread!.Join();
        ThrowIfFailed();
    }

    /// <summary>Makes a statement that was not completed fail, and waits for that.</summary>
    public void Dispose()
    {
        if (_thread is not null)
        {
            lock (_gate)
            {
                _aborted = !_ended;
                Monitor.PulseAll(_gate);
            }

            _thread.Join();
        }

        Running.TryRemove(Id, out _);
    }

    internal static RowStream Find(long id) =>
        Running.TryGetValue(id, out var stream) ? stream : throw new DuckDbException($"segbatch_rows({id}): no such stream.");

    /// <summary>Called by DuckDB on the statement's thread: lends its chunk until it is filled. An empty chunk ends the rows.</summary>
    internal void Fill(nint chunk)
    {
        lock (_gate)
        {
            _chunk = chunk;
            Monitor.PulseAll(_gate);
            while (_chunk != 0 && !_aborted && (!_complete || _rows.IsOpen))
            {
                Monitor.Wait(_gate);
            }

            _chunk = 0;
            if (_aborted)
            {
                throw new DuckDbException("The rows were abandoned before their end.");
            }
        }
    }

    private void Begin()
    {
        if (!_rows.IsOpen)
        {
            Borrow();
        }
    }

    /// <summary>Waits for a chunk to fill.</summary>
    private void Borrow()
    {
        ObjectDisposedException.ThrowIf(_complete || _aborted, this);
        Start();
        lock (_gate)
        {
            while (_chunk == 0 && !_ended)
            {
                Monitor.Wait(_gate);
            }

            ThrowIfFailed();
            _rows.Open(_chunk);
        }
    }

    private void HandOver()
    {
        lock (_gate)
        {
            _rows.Close();
            _chunk = 0;
            Monitor.PulseAll(_gate);
        }
    }

    private void Start()
    {
        if (_thread is null)
        {
            Running[Id] = this;
            _thread = new Thread(Run) { IsBackground = true, Name = $"rows {Id}" };
            _thread.Start();
        }
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            _connection.Execute(_sql(Id));
        }
        catch (Exception error)
        {
            failure = error; // thrown to the caller by its next call
        }

        lock (_gate)
        {
            _failure = failure;
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void ThrowIfFailed()
    {
        if (_ended && !(_complete && _failure is null))
        {
            throw new DuckDbException(_failure?.Message ?? "The statement ended before its rows did.", _failure);
        }
    }
}
