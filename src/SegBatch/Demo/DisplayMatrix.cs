using System.Buffers.Binary;

namespace SegBatch.Demo;

/// <summary>
/// Writes how a video is to be turned for display into an MP4 file. The tool's option for it has another name in each of its major
/// versions; the field in the file has always been the same (ISO/IEC 14496-12, 8.3.2, track header box).
/// </summary>
internal static class DisplayMatrix
{
    private const int One = 1 << 16;

    /// <summary>Sets a quarter turn to the right on the first track.</summary>
    /// <param name="path">An MP4 file with its headers in front.</param>
    /// <param name="storedHeight">Height of the picture as stored, pixels.</param>
    public static void WriteQuarterTurn(string path, int storedHeight)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        var head = new byte[Math.Min(file.Length, 64 * 1024)];
        file.ReadExactly(head);
        var header = head.AsSpan().IndexOf("tkhd"u8);
        if (header < 0)
        {
            throw new DemoException($"{path} has no track header: the ffmpeg tool did not write an MP4 file with its headers in front.");
        }

        // Version and flags, then times and sizes, longer in version 1; then 16 bytes of layer, volume and reserved fields.
        var version = head[header + 4];
        file.Position = header + 8 + (version == 1 ? 32 : 20) + 16;
        Span<byte> matrix = stackalloc byte[36];
        ReadOnlySpan<int> values = [0, One, 0, -One, 0, 0, storedHeight * One, 0, 1 << 30];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(matrix[(4 * i)..], values[i]);
        }

        file.Write(matrix);
    }
}
