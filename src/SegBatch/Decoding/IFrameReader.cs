namespace SegBatch.Decoding;

/// <summary>Reads one source front to back.</summary>
public interface IFrameReader : IDisposable
{
    VideoInfo Info { get; }

    /// <summary>
    /// Frames in presentation order, drained to the last one. Pulled: nothing is decoded ahead of the caller beyond what the codec
    /// needs. Throws <see cref="DecodingException"/> when the file cannot be read any further and nothing was lost silently.
    /// </summary>
    IAsyncEnumerable<VideoFrame> ReadAsync(FramePool pool, CancellationToken cancellationToken);
}
