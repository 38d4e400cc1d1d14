namespace SegBatch.Decoding;

/// <summary>A source that cannot be read. <see cref="Code"/> is one of the verdicts users filter by (NOT_MEDIA, NO_VIDEO, PLAYLIST, …).</summary>
public sealed class DecodingException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
