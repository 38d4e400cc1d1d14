using SegBatch.Decoding;
using SegBatch.Inference;
using SegBatch.Letterboxing;

namespace SegBatch.Quantization;

/// <summary>Takes frames from an archive, spread over its sources and over each source's beginning, letterboxed as a run would.</summary>
internal sealed class FrameSampler(ModelCard card, LetterboxOptions options)
{
    /// <summary>Of a source, so many frames are decoded at most: there is no way to a later frame but through all before it.</summary>
    public const int MostDecoded = 2000;

    private const int FallbackStride = 8;
    private const int FramesHeld = 4;

    /// <param name="sources">Paths; where there are more than frames, some are passed over.</param>
    /// <param name="count">Frames wanted; short sources may give fewer.</param>
    /// <param name="stopping">Ends the work early.</param>
    /// <exception cref="DecodingException">A source cannot be read; the code says why.</exception>
    public async Task<List<FrameSample>> TakeAsync(IReadOnlyList<string> sources, int count, CancellationToken stopping)
    {
        var samples = new List<FrameSample>();
        var used = Math.Min(sources.Count, count);
        for (var i = 0; i < used; i++)
        {
            var source = sources[(int)((long)i * sources.Count / used)];
            var share = (count - samples.Count) / (used - i); // what a short one lacks, those behind it make up for
            await AddAsync(source, Math.Max(1, share), samples, stopping);
        }

        return samples;
    }

    private async Task AddAsync(string source, int count, List<FrameSample> samples, CancellationToken stopping)
    {
        using var reader = FrameReader.Open(source, new DecodingOptions { Stride = Stride(source, count) });
        using var pool = new FramePool(FramesHeld);
        Letterboxer? letterboxer = null;
        var floats = Array.Empty<float>();
        await foreach (var frame in reader.ReadAsync(pool, stopping))
        {
            using (frame)
            {
                var transform = card.Letterbox(frame.Size, options);
                if (letterboxer?.Transform != transform)
                {
                    letterboxer = new Letterboxer(transform, reference: false);
                    floats = new float[letterboxer.ValuesPerPicture];
                }

                if (frame.HasRgb)
                {
                    letterboxer.Fill(frame.Rgb, floats);
                }
                else
                {
                    letterboxer.Fill(frame.Yuv, floats);
                }

                samples.Add(
                    new FrameSample(source, frame.Index, transform, Array.ConvertAll(floats, level => (byte)MathF.Round(level * 255)))
                );
            }

            if (--count == 0)
            {
                return;
            }
        }
    }

    private static int Stride(string source, int count)
    {
        using var reader = FrameReader.Open(source, new DecodingOptions());
        var frames = Math.Min(MostDecoded, reader.Info.EstimatedFrames ?? (long)count * FallbackStride);
        return (int)Math.Max(1, frames / count);
    }
}
