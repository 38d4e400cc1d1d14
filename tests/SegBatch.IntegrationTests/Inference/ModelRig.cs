using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using SegBatch.Decoding;
using SegBatch.Geometry;
using SegBatch.Inference;
using SegBatch.Letterboxing;

namespace SegBatch.IntegrationTests.Inference;

/// <summary>Feeds a model without decoder or letterbox: tensors come from recorded pictures or from a seeded generator.</summary>
internal sealed partial class ModelRig(OnnxSegmentationModel model, FrameSize input, int? batch = null) : IDisposable
{
    public FramePool Frames { get; } = new(64);

    public TensorPool Tensors { get; } = new(batch ?? model.BatchSize, input);

    public async Task<TensorBatch> BatchAsync(int count, Action<int, Span<float>> fill, CancellationToken cancellationToken)
    {
        var tensors = Tensors.Rent();
        for (var i = 0; i < count; i++)
        {
            var slot = tensors.Add(await Frames.RentAsync(cancellationToken), LetterboxTransform.Square(input, input));
            fill(i, tensors.Slot(slot).Span);
        }

        return tensors;
    }

    /// <summary>Pseudo-random pixels of 0..1, the same for the same seed.</summary>
    public async Task<TensorBatch> NoiseAsync(int seed, CancellationToken cancellationToken) =>
        await BatchAsync(
            Tensors.BatchSize,
            (slot, values) =>
            {
                var random = new Random(seed * 1000 + slot);
                foreach (ref var value in values)
                {
                    value = random.Next(256) / 255f;
                }
            },
            cancellationToken
        );

    public void Dispose()
    {
        Tensors.Dispose();
        Frames.Dispose();
    }

    /// <summary>An 8-bit RGB PNG as planar floats of 0..1 (https://www.w3.org/TR/png/, no interlacing).</summary>
    public static (FrameSize Size, float[] Planes) ReadPng(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]));
        if (bytes[24] != 8 || bytes[25] != 2 || bytes[28] != 0)
        {
            throw new NotSupportedException($"{path} is not an 8-bit RGB PNG");
        }

        using var compressed = new MemoryStream();
        for (var at = 8; at < bytes.Length; at += BinaryPrimitives.ReadInt32BigEndian(bytes[at..]) + 12)
        {
            if (bytes.Slice(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                compressed.Write(bytes.Slice(at + 8, BinaryPrimitives.ReadInt32BigEndian(bytes[at..])));
            }
        }

        compressed.Position = 0;
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        var (row, above, planes) = (new byte[3 * width], new byte[3 * width], new float[3 * width * height]);
        for (var y = 0; y < height; y++)
        {
            var filter = zlib.ReadByte();
            zlib.ReadExactly(row);
            for (var i = 0; i < row.Length; i++)
            {
                var (left, up, corner) = (i < 3 ? 0 : row[i - 3], (int)above[i], i < 3 ? 0 : above[i - 3]);
                row[i] += (byte)(
                    filter switch
                    {
                        0 => 0,
                        1 => left,
                        2 => up,
                        3 => (left + up) / 2,
                        _ => Paeth(left, up, corner),
                    }
                );
                planes[i % 3 * width * height + y * width + i / 3] = row[i] / 255f;
            }

            (row, above) = (above, row);
        }

        return (new(width, height), planes);
    }

    private static int Paeth(int left, int up, int corner)
    {
        var (a, b, c) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - 2 * corner));
        return a <= b && a <= c ? left
            : b <= c ? up
            : corner;
    }

    /// <summary>A little-endian float32 .npy in C order.</summary>
    public static (int[] Shape, float[] Values) ReadNpy(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        var header = System.Text.Encoding.ASCII.GetString(bytes.Slice(10, headerLength));
        if (!header.Contains("'<f4'", StringComparison.Ordinal) || header.Contains("True", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"{path}: {header}");
        }

        var shape = ShapePattern()
            .Match(header)
            .Groups[1]
            .Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (Array.ConvertAll(shape, int.Parse), MemoryMarshal.Cast<byte, float>(bytes[(10 + headerLength)..]).ToArray());
    }

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex ShapePattern();
}
