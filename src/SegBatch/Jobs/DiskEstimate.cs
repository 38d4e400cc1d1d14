using SegBatch.Decoding;
using SegBatch.Output;

namespace SegBatch.Jobs;

/// <summary>Roughly what results will take on disk: right within a factor of two or three, to warn before a disk is full.</summary>
internal static class DiskEstimate
{
    /// <summary>Table rows of a frame with a handful of objects, zstd-compressed, masks being most of it.</summary>
    private const double TableBytesPerFrame = 1500;

    /// <summary>x264's superfast preset at CRF 23 on footage of fixed cameras; six steps of CRF halve or double it.</summary>
    private const double BitsPerPixel = 0.12;

    private const double PictureBytesPerPixel = 0.25;

    public static long Results(VideoInfo info, long frames, SourceOptions options)
    {
        var pixels = (double)info.Size.Width * info.Size.Height * frames;
        var codec = options.Encoding.Codec == VideoCodec.H264 ? 1.0 : 0.6;
        var video =
            !options.Encoding.Video ? 0
            : info.IsImage ? pixels * PictureBytesPerPixel
            : pixels * BitsPerPixel / 8 * codec * Math.Pow(2, (23 - options.Encoding.Crf) / 6.0);
        return (long)((frames * TableBytesPerFrame) + video);
    }

    /// <summary>Bytes free on the file system where a folder is, or would be made; null when the system does not say.</summary>
    public static long? Free(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        try
        {
            return new DriveInfo(existing).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // an estimate's estimate: unknown is an answer
        }
    }
}
