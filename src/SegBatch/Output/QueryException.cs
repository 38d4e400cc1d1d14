namespace SegBatch.Output;

/// <summary>A question about tables that cannot be answered: what was asked for is wrong. The message says what to do.</summary>
public sealed class QueryException(string message, Exception? inner = null) : Exception(message, inner);
