namespace SegBatch.Decoding;

/// <summary>Reads one source front to back.</summary>
public interface IFrameReader : IDisposable
{
    VideoInfo Info { get; }

    /// <summary>The hardware that decodes ("cuda", "vaapi", "qsv"); null for software.</summary>
    string? Acceleration { get; }

    /// <summary>Times that hardware the options ask for could not decode, and the next choice took over. <see cref="Notes"/> say why.</summary>
    int HardwareFallbacks { get; }

    /// <summary>Frames decoded so far, those that a start or a stride skips included.</summary>
    long DecodedFrames { get; }

    /// <summary>Packets refused as damaged so far, by the demuxer or the decoder.</summary>
    long DamagedPackets { get; }

    /// <summary>What deserves a line in the report: why hardware was not used, and the like.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>
    /// Frames in presentation order, drained to the last one. Pulled: nothing is decoded ahead of the caller beyond what the codec
    /// needs. Throws <see cref="DecodingException"/> when the file cannot be read any further and nothing was lost silently.
    /// </summary>
    IAsyncEnumerable<VideoFrame> ReadAsync(FramePool pool, CancellationToken cancellationToken);
}
