namespace SegBatch.Detection;

/// <summary>The network's outputs are no segmentation layout that is understood; the message says what was expected and what was got.</summary>
public sealed class HeadLayoutException(string message) : Exception(message);
