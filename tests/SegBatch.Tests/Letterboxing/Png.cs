using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SegBatch.Geometry;

namespace SegBatch.Tests.Letterboxing;

/// <summary>Reads the recorded pictures: 8-bit RGB or grey, not interlaced (ISO/IEC 15948, sections 5 and 9). Nothing else is accepted.</summary>
internal static class Png
{
    public static (FrameSize Size, byte[] Rgb) Read(string path) => Read(path, channels: 3);

    public static (FrameSize Size, byte[] Gray) ReadGray(string path) => Read(path, channels: 1);

    private static (FrameSize Size, byte[] Samples) Read(string path, int channels)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        var size = default(FrameSize);
        using var packed = new MemoryStream();
        for (var at = 8; at < file.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            var type = Encoding.ASCII.GetString(file.Slice(at + 4, 4));
            var data = file.Slice(at + 8, length);
            if (type == "IHDR")
            {
                size = new(BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                if (!data[8..].SequenceEqual(new byte[] { 8, (byte)(channels == 3 ? 2 : 0), 0, 0, 0 }))
                {
                    throw new InvalidDataException($"{path} is not an 8-bit picture of {channels} channels without interlacing");
                }
            }
            else if (type == "IDAT")
            {
                packed.Write(data);
            }

            at += 12 + length;
        }

        packed.Position = 0;
        using var lines = new ZLibStream(packed, CompressionMode.Decompress);
        return (size, Unfilter(lines, size, channels));
    }

    private static byte[] Unfilter(Stream lines, FrameSize size, int channels)
    {
        var rowBytes = channels * size.Width;
        var rgb = new byte[rowBytes * size.Height];
        for (var y = 0; y < size.Height; y++)
        {
            var filter = lines.ReadByte();
            var at = y * rowBytes;
            lines.ReadExactly(rgb, at, rowBytes);
            for (var i = 0; i < rowBytes; i++)
            {
                int left = i < channels ? 0 : rgb[at + i - channels];
                int up = y == 0 ? 0 : rgb[at - rowBytes + i];
                int corner = i < channels || y == 0 ? 0 : rgb[at - rowBytes + i - channels];
                rgb[at + i] += (byte)(
                    filter switch
                    {
                        0 => 0,
                        1 => left,
                        2 => up,
                        3 => (left + up) / 2,
                        4 => Paeth(left, up, corner),
                        _ => throw new InvalidDataException($"PNG filter {filter}"),
                    }
                );
            }
        }

        return rgb;
    }

    private static int Paeth(int left, int up, int corner)
    {
        var (dLeft, dUp, dCorner) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - 2 * corner));
        return dLeft <= dUp && dLeft <= dCorner ? left
            : dUp <= dCorner ? up
            : corner;
    }
}
