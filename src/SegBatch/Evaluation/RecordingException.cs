namespace SegBatch.Evaluation;

/// <summary>A recording, or the run it is compared with, cannot be used. The message says which line or video, and what to do.</summary>
public sealed class RecordingException(string message, Exception? inner = null) : Exception(message, inner);
