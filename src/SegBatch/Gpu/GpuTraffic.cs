namespace SegBatch.Gpu;

/// <summary>What passed between host and device so far; safe to count in from many threads.</summary>
public sealed class GpuTraffic
{
    private long _frames;
    private long _bytesToHost;
    private long _picturesUploaded;
    private long _framesFetched;

    /// <summary>Frames whose objects were chosen on the device.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>Bytes of rows and logits that came back, padding included.</summary>
    public long BytesToHost => Interlocked.Read(ref _bytesToHost);

    /// <summary>Letterboxed pictures that the host made and sent.</summary>
    public long PicturesUploaded => Interlocked.Read(ref _picturesUploaded);

    /// <summary>Whole frames that were fetched from the device.</summary>
    public long FramesFetched => Interlocked.Read(ref _framesFetched);

    internal void AddRun(int frames, int uploaded, long bytesToHost)
    {
        Interlocked.Add(ref _frames, frames);
        Interlocked.Add(ref _picturesUploaded, uploaded);
        Interlocked.Add(ref _bytesToHost, bytesToHost);
    }

    internal void AddFetched() => Interlocked.Increment(ref _framesFetched);
}
