namespace SegBatch.Demo;

/// <summary>The demo archive cannot be made; the message says why and what to do.</summary>
public sealed class DemoException(string message, Exception? inner = null) : Exception(message, inner);
