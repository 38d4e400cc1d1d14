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
}
