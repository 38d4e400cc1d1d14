namespace SegBatch.Decoding;

/// <summary>Chooses the reader for a source.</summary>
public static class FrameReader
{
    /// <exception cref="DecodingException">It cannot be read; the code says why.</exception>
    public static IFrameReader Open(string path, DecodingOptions options) =>
        Directory.Exists(path) ? new PictureFolderReader(path, options) : new FFmpegFrameReader(path, options);
}
