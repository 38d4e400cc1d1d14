namespace SegBatch.Native.FFmpeg;

/// <summary>A file is of a kind that FFmpeg knows, but that is not on the list of those that may be opened.</summary>
public sealed class FormatRefusedException(string path, string format)
    : Exception($"{path} is of the format '{format}', which is not read.")
{
    /// <summary>FFmpeg's name of the format: "hls", "concat", "sdp".</summary>
    public string Format { get; } = format;
}
