using Google.Protobuf;

namespace SegBatch.Onnx;

/// <summary>
/// A model without its large weights: these stay in the file until the edited model is put together, and only those still needed pass
/// through memory, once. In <see cref="Model"/> they stand by name, type and dimensions. Field numbers are those of onnx.proto3.
/// </summary>
internal sealed class OnnxSkeleton
{
    private const int Large = 4096;
    private const ulong GraphTag = (7 << 3) | 2;
    private const ulong InitializerTag = (5 << 3) | 2;
    private const ulong RawDataTag = (9 << 3) | 2;
    private readonly string _path;

    /// <summary>Where the bytes of large constants lie in the file, by name.</summary>
    private readonly Dictionary<string, (long Offset, int Length)> _large = [];

    private OnnxSkeleton(string path) => _path = path;

    public ModelProto Model { get; private set; } = new();

    /// <summary>Reads all of a model but its large weights.</summary>
    /// <exception cref="InvalidProtocolBufferException">The file is no protobuf of a model.</exception>
    /// <exception cref="IOException">It cannot be read, or is too short.</exception>
    public static OnnxSkeleton Read(string path)
    {
        var skeleton = new OnnxSkeleton(path);
        using var file = File.OpenRead(path);
        using var rest = new MemoryStream();
        using var graph = new MemoryStream();
        var stubs = new List<TensorProto>();
        while (file.Position < file.Length)
        {
            var start = file.Position;
            if (Varint(file) != GraphTag)
            {
                Skip(file, start, rest);
                continue;
            }

            for (var end = (long)Varint(file) + file.Position; file.Position < end; )
            {
                var at = file.Position;
                if (Varint(file) == InitializerTag && (long)Varint(file) is > Large and var length)
                {
                    var stub = Stub(file, file.Position + length);
                    skeleton._large[stub.Name] = (file.Position - length, (int)length);
                    stubs.Add(stub);
                }
                else
                {
                    file.Position = at;
                    _ = Varint(file);
                    Skip(file, at, graph);
                }
            }
        }

        skeleton.Model = ModelProto.Parser.ParseFrom(rest.ToArray());
        skeleton.Model.Graph = GraphProto.Parser.ParseFrom(graph.ToArray());
        skeleton.Model.Graph.Initializer.AddRange(stubs);
        return skeleton;
    }

    /// <summary>The file of a model made by editing <see cref="Model"/> or a copy of it.</summary>
    /// <param name="edited">Loses the constants that lie in the file.</param>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public byte[] Assemble(ModelProto edited)
    {
        var initializers = edited.Graph.Initializer;
        var fromFile = initializers.Where(tensor => tensor.RawData.IsEmpty && _large.ContainsKey(tensor.Name)).ToArray();
        var own = initializers.Except(fromFile).ToArray();
        initializers.Clear();
        initializers.AddRange(own);
        var ranges = Array.ConvertAll(fromFile, tensor => _large[tensor.Name]);

        // A second graph in a message is merged with the first: https://protobuf.dev/programming-guides/encoding/#last-one-wins
        var small = edited.ToByteArray();
        var weights = ranges.Sum(range => 1 + CodedOutputStream.ComputeLengthSize(range.Length) + range.Length);
        var file = GC.AllocateUninitializedArray<byte>(small.Length + 1 + CodedOutputStream.ComputeLengthSize(weights) + weights);
        small.CopyTo(file, 0);
        var at = Put(file, Put(file, small.Length, GraphTag), (ulong)weights);
        using var source = File.OpenHandle(_path);
        foreach (var (offset, length) in ranges)
        {
            at = Put(file, Put(file, at, InitializerTag), (ulong)length);
            if (RandomAccess.Read(source, file.AsSpan(at, length), offset) != length)
            {
                throw new EndOfStreamException($"{_path} has become shorter");
            }

            at += length;
        }

        return file;
    }

    /// <summary>A constant without its values; the file stands behind it afterwards.</summary>
    private static TensorProto Stub(FileStream file, long end)
    {
        using var fields = new MemoryStream();
        while (file.Position < end)
        {
            var start = file.Position;
            var tag = Varint(file);
            var isLong = (tag & 7) == 2 && Length(file) > Large;
            if (isLong || tag == RawDataTag)
            {
                var length = (long)Varint(file);
                file.Seek(length, SeekOrigin.Current);
            }
            else
            {
                Skip(file, start, fields);
            }
        }

        return TensorProto.Parser.ParseFrom(fields.ToArray());
    }

    /// <summary>Bytes of the number that stands here.</summary>
    private static long VarintSize(FileStream file)
    {
        var start = file.Position;
        _ = Varint(file);
        var size = file.Position - start;
        file.Position = start;
        return size;
    }

    /// <summary>The number that stands here, which is left to be read.</summary>
    private static long Length(FileStream file)
    {
        var start = file.Position;
        var length = (long)Varint(file);
        file.Position = start;
        return length;
    }

    /// <summary>Copies a field whose tag, at <paramref name="start"/>, was just read.</summary>
    private static void Skip(FileStream file, long start, MemoryStream target)
    {
        file.Position = start;
        var size = (Varint(file) & 7) switch
        {
            0 => VarintSize(file),
            1 => 8,
            2 => VarintSize(file) + Length(file),
            5 => 4,
            _ => throw new InvalidDataException($"a field of an unknown wire type at {start}"),
        };
        file.Seek(size, SeekOrigin.Current);
        var bytes = new byte[file.Position - start];
        file.Position = start;
        file.ReadExactly(bytes);
        target.Write(bytes);
    }

    private static ulong Varint(FileStream file)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = file.ReadByte();
            if (next < 0)
            {
                throw new EndOfStreamException("the model ends too early");
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number that does not end");
    }

    private static int Put(byte[] target, int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target[at++] = (byte)(value | 0x80);
        }

        target[at++] = (byte)value;
        return at;
    }
}
