using System.Buffers.Binary;

namespace SegBatch.IntegrationTests.Detection;

/// <summary>A picture whose every pixel is known.</summary>
internal static class PlainPicture
{
    /// <summary>A picture of 64x48 pixels of one colour, as an uncompressed bitmap.</summary>
    public static void Write(string path, byte red, byte green, byte blue)
    {
        const int header = 54;
        var file = new byte[header + (64 * 48 * 3)];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), header);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), 64);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), 48);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        for (var i = header; i < file.Length; i += 3)
        {
            (file[i], file[i + 1], file[i + 2]) = (blue, green, red);
        }

        File.WriteAllBytes(path, file);
    }
}
