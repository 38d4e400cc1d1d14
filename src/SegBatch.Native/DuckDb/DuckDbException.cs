namespace SegBatch.Native.DuckDb;

/// <summary>DuckDB refused or failed. The message is DuckDB's own text, with the line and caret for errors in SQL.</summary>
public sealed class DuckDbException(string message, Exception? inner = null) : Exception(message, inner);
