using SegBatch.Decoding;
using SegBatch.Jobs;
using SegBatch.Output;

namespace SegBatch.Benchmarking;

/// <summary>Nothing but FFmpeg, one video after the other: what reading costs, and reading with writing an annotated video.</summary>
internal static class BareCodec
{
    private const int FramesAtOnce = 2;

    /// <param name="sources">What to read; their options say which frames.</param>
    /// <param name="folder">Where to write encoded videos, which are deleted again; null only decodes.</param>
    /// <returns>Frames read.</returns>
    /// <exception cref="DecodingException">A source cannot be read.</exception>
    public static async Task<long> RunAsync(IEnumerable<FoundSource> sources, string? folder, CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var source in sources)
        {
            var path = folder is null ? null : Path.Combine(folder, $"bare.{source.Options.Encoding.Container}");
            using var reader = FrameReader.Open(source.Path, source.Options.Decoding);
            using var frames = new FramePool(FramesAtOnce);
            VideoStreams? encoded = null;
            try
            {
                await foreach (var frame in reader.ReadAsync(frames, cancellationToken))
                {
                    using (frame)
                    {
                        if (path is not null && !reader.Info.IsImage)
                        {
                            encoded ??= new VideoStreams(reader.Info, source.Options.Encoding, path, isClip: true, frame);
                            encoded.Write(frame);
                        }

                        count++;
                    }
                }

                encoded?.Finish();
            }
            finally
            {
                encoded?.Dispose();
                if (path is not null)
                {
                    File.Delete(path);
                }
            }
        }

        return count;
    }
}
