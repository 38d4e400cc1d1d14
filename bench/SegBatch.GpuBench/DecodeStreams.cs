using System.Diagnostics;
using SegBatch.Decoding;

namespace SegBatch.GpuBench;

/// <summary>Decoding alone, frames left where they are decoded.</summary>
internal static class DecodeStreams
{
    /// <summary>Frames per second over all streams.</summary>
    /// <param name="acceleration">"cuda", or null for software.</param>
    /// <exception cref="InvalidOperationException">The hardware does not decode the clip.</exception>
    public static async Task<double> RunAsync(string clip, int streams, string? acceleration)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(() => DecodeAsync(clip, acceleration))));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<long> DecodeAsync(string clip, string? acceleration)
    {
        var options = new DecodingOptions
        {
            HardwareAccelerations = acceleration is null ? [] : [acceleration],
            KeepSurfaces = acceleration is not null,
        };
        using var reader = FrameReader.Open(clip, options);
        using var frames = new FramePool(2);
        await foreach (var frame in reader.ReadAsync(frames, CancellationToken.None))
        {
            frame.Dispose();
        }

        if (acceleration is not null && reader.Acceleration is null)
        {
            throw new InvalidOperationException(reader.Notes.Count > 0 ? reader.Notes[0] : $"{acceleration} did not decode {clip}");
        }

        return reader.DecodedFrames;
    }
}
