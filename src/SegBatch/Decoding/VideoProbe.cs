namespace SegBatch.Decoding;

/// <summary>Looks at a source without decoding it.</summary>
public static class VideoProbe
{
    /// <summary>Facts of a video, a picture, or a folder of pictures.</summary>
    /// <exception cref="DecodingException">It cannot be read; the code says why.</exception>
    public static VideoInfo Probe(string path)
    {
        using var reader = FrameReader.Open(path, new DecodingOptions());
        return reader.Info;
    }

    /// <summary>
    /// The number of frames and the rate, from a file's headers where these say so: a tenth of the work of <see cref="Probe"/>, to
    /// which it falls back.
    /// </summary>
    /// <exception cref="DecodingException">It cannot be read; the code says why.</exception>
    internal static VideoInfo Glance(string path) =>
        SourceFile.Glance(path) is { EstimatedFrames: not null, FrameRate.IsValid: true } info ? info : Probe(path);
}
