using SegBatch.Decoding;

namespace SegBatch.Jobs;

/// <summary>How many frames there are to read, by the containers' own words.</summary>
internal static class FrameEstimate
{
    /// <summary>Asking each file takes time: larger archives are not asked.</summary>
    private const int MostProbed = 200;

    /// <summary>The frames that the options leave of a source; null when its container does not say how many it has.</summary>
    public static long? Of(VideoInfo info, DecodingOptions options)
    {
        if (info.EstimatedFrames is not { } all)
        {
            return null;
        }

        var rate = info.FrameRate.IsValid ? info.FrameRate.ToDouble() : 25;
        var first = FrameOf(options.Start) ?? 0;
        var last = Math.Min(all, FrameOf(options.End) ?? all);
        return Math.Max(0, (last - first + options.Stride - 1) / options.Stride);

        // The first frame that is not before a moment; where times are estimates, the one that is shown then is as good.
        long? FrameOf(Moment? moment) =>
            moment is not { } at ? null
            : at.Frame is { } frame ? frame
            : (at.Seconds ?? 0) * rate is var frames && info.IsImage ? (long)Math.Ceiling(frames)
            : (long)frames;
    }

    /// <summary>Of all sources together; null when one of them does not say, or there are too many to ask.</summary>
    public static long? Of(IReadOnlyList<FoundSource> sources)
    {
        if (sources.Count > MostProbed)
        {
            return null;
        }

        var total = 0L;
        foreach (var source in sources)
        {
            try
            {
                if (Of(VideoProbe.Glance(source.Path), source.Options.Decoding) is not { } frames)
                {
                    return null;
                }

                total += frames;
            }
            catch (DecodingException)
            {
                // Its own turn will reject it, with the reason; it adds no frames.
                continue;
            }
        }

        return total;
    }
}
