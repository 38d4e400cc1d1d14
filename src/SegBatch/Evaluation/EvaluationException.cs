namespace SegBatch.Evaluation;

/// <summary>The truth, or the run it judges, cannot be used. The message says which file, line or video, and what to do.</summary>
public sealed class EvaluationException(string message, Exception? inner = null) : Exception(message, inner);
