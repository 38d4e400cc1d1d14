using System.Runtime.InteropServices;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>Turns 8-bit pictures upright by quarter turns.</summary>
internal static class PictureRotation
{
    private const int Tile = 32;

    /// <summary>A new picture, turned clockwise by 90, 180 or 270 degrees.</summary>
    public static Picture Turn(Picture source, PictureFormat format, int degrees)
    {
        var (width, height) = degrees == 180 ? (source.Width, source.Height) : (source.Height, source.Width);
        var target = Picture.Allocate(format, width, height);
        if (format == PictureFormat.Yuv420)
        {
            Turn<byte>(source, target, 0, source.Width, source.Height, degrees);
            Turn<byte>(source, target, 1, (source.Width + 1) / 2, (source.Height + 1) / 2, degrees);
            Turn<byte>(source, target, 2, (source.Width + 1) / 2, (source.Height + 1) / 2, degrees);
        }
        else
        {
            Turn<Pixel>(source, target, 0, source.Width, source.Height, degrees);
        }

        return target;
    }

    /// <summary>Tiles keep both the rows read and the rows written in the cache.</summary>
    private static void Turn<T>(Picture source, Picture target, int plane, int width, int height, int degrees)
        where T : unmanaged
    {
        var from = source.Plane(plane);
        var to = target.Plane(plane);
        var fromStride = source.Stride(plane);
        var toStride = target.Stride(plane);
        for (var tileY = 0; tileY < height; tileY += Tile)
        {
            for (var tileX = 0; tileX < width; tileX += Tile)
            {
                for (var y = tileY; y < Math.Min(tileY + Tile, height); y++)
                {
                    var row = MemoryMarshal.Cast<byte, T>(from[(y * fromStride)..]);
                    for (var x = tileX; x < Math.Min(tileX + Tile, width); x++)
                    {
                        var (newX, newY) = degrees switch
                        {
                            90 => (height - 1 - y, x),
                            180 => (width - 1 - x, height - 1 - y),
                            _ => (y, width - 1 - x),
                        };
                        MemoryMarshal.Cast<byte, T>(to[(newY * toStride)..])[newX] = row[x];
                    }
                }
            }
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct Pixel
    {
        private readonly byte _r;
        private readonly byte _g;
        private readonly byte _b;
    }
}
