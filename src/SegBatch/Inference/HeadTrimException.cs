namespace SegBatch.Inference;

/// <summary>A graph is left as it is; the message says why. Never leaves <see cref="HeadTrimmer"/>.</summary>
internal sealed class HeadTrimException(string message) : Exception(message);
