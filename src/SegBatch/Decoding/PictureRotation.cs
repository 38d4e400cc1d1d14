using System.Runtime.InteropServices;
using SegBatch.Native.FFmpeg;

namespace SegBatch.Decoding;

/// <summary>Turns and mirrors 8-bit pictures upright.</summary>
internal static class PictureRotation
{
    private const int Tile = 32;

    /// <summary>A new picture with the samples where the orientation puts them, and the same colour tags.</summary>
    public static Picture Turn(Picture source, PictureFormat format, Orientation orientation)
    {
        var (width, height) = orientation.Transposed ? (source.Height, source.Width) : (source.Width, source.Height);
        var target = Picture.Allocate(format, width, height);
        target.TagAs(source);
        if (format == PictureFormat.Yuv420)
        {
            Turn<byte>(source, target, 0, source.Width, source.Height, orientation);
            Turn<byte>(source, target, 1, (source.Width + 1) / 2, (source.Height + 1) / 2, orientation);
            Turn<byte>(source, target, 2, (source.Width + 1) / 2, (source.Height + 1) / 2, orientation);
        }
        else
        {
            Turn<Pixel>(source, target, 0, source.Width, source.Height, orientation);
        }

        return target;
    }

    /// <summary>A row of the source becomes a row or a column of the target. Tiles keep the lines of both in the cache.</summary>
    private static void Turn<T>(Picture source, Picture target, int plane, int width, int height, Orientation orientation)
        where T : unmanaged
    {
        var (size, stride) = (Marshal.SizeOf<T>(), target.Stride(plane));
        var (right, down) = (orientation.FlippedX ? -size : size, orientation.FlippedY ? -stride : stride);
        var (stepX, stepY) = orientation.Transposed ? (down, right) : (right, down);
        var (lastX, lastY) = orientation.Transposed ? (height - 1, width - 1) : (width - 1, height - 1);
        var origin = (orientation.FlippedX ? lastX * size : 0) + (orientation.FlippedY ? lastY * stride : 0);
        var to = target.Plane(plane);
        for (var tileY = 0; tileY < height; tileY += Tile)
        {
            for (var tileX = 0; tileX < width; tileX += Tile)
            {
                var columns = Math.Min(Tile, width - tileX);
                for (var y = tileY; y < Math.Min(tileY + Tile, height); y++)
                {
                    var row = MemoryMarshal.Cast<byte, T>(
                        source.Plane(plane).Slice((y * source.Stride(plane)) + (tileX * size), columns * size)
                    );
                    var at = origin + (tileX * stepX) + (y * stepY);
                    foreach (var sample in row)
                    {
                        MemoryMarshal.Write(to.Slice(at, size), sample);
                        at += stepX;
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
