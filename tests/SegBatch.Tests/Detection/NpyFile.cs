using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace SegBatch.Tests.Detection;

/// <summary>Reads NumPy arrays of float32 or float16, C order, plain or gzipped (format 1.0 of numpy.lib.format).</summary>
public static partial class NpyFile
{
    public static (float[] Values, int[] Shape) Read(string path)
    {
        using var file = File.OpenRead(path);
        using var plain = path.EndsWith(".gz", StringComparison.Ordinal) ? (Stream)new GZipStream(file, CompressionMode.Decompress) : file;
        using var memory = new MemoryStream();
        plain.CopyTo(memory);
        var bytes = memory.GetBuffer().AsSpan(0, (int)memory.Length);
        var headerLength = BitConverter.ToUInt16(bytes[8..]);
        var header = Encoding.ASCII.GetString(bytes.Slice(10, headerLength));
        var data = bytes[(10 + headerLength)..];
        var shape = Shape()
            .Match(header)
            .Groups[1]
            .Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        float[] values = header.Contains("'<f4'", StringComparison.Ordinal)
            ? MemoryMarshal.Cast<byte, float>(data).ToArray()
            : [.. MemoryMarshal.Cast<byte, Half>(data).ToArray().Select(half => (float)half)];
        return (values, [.. shape.Select(int.Parse)]);
    }

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex Shape();
}
