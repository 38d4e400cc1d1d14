using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SegBatch.Inference;

/// <summary>
/// What is checked of a model file before ONNX Runtime sees it: that it is a regular, non-empty protobuf, that its external
/// tensors are plain files beside it, and that it needs no foreign code. Field numbers are those of onnx.proto3.
/// </summary>
public sealed class ModelFile
{
    private const int MaxDepth = 64;
    private const int Float16 = 10;
    private const int Int8 = 3;

    /// <summary>The largest weight whose products with unsigned bytes can be added in pairs in 16 bits: 2 · 255 · 64 = 32,640.</summary>
    private const int WidestSafe = 64;
    private static readonly HashSet<string> s_domains = ["", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc"];
    private long _singleWeights;
    private long _halfWeights;

    private ModelFile(string path, long length) => (Path, Length) = (path, length);

    public string Path { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>SHA-256 of the file in lower-case hex (without external tensors).</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Most weights are float16: the network computes in half precision whatever its input's type.</summary>
    public bool HasHalfWeights => _halfWeights > _singleWeights;

    /// <summary>Parts of the network compute in 8-bit integers.</summary>
    public bool IsQuantized { get; private set; }

    /// <summary>
    /// Quantised with weights of full 8 bits: processors without dot-product instructions (VNNI) cut their sums off unless told to
    /// compute them the slow way. <see cref="ShapeSession"/> tells them.
    /// </summary>
    public bool HasWideIntegers { get; private set; }

    /// <exception cref="ModelException">The file is missing, no ONNX model, or unsafe.</exception>
    public static ModelFile Check(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
        {
            throw Directory.Exists(path)
                ? Bad(path, "is a folder", "give the path of an .onnx file")
                : Bad(path, "does not exist", "check the path");
        }

        // Pipes and devices have no length: they must not even be opened, because they block or never end.
        if ((info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info) is not { Exists: true, Length: > 0 })
        {
            throw Bad(path, "is empty or not a regular file", "export or copy it again");
        }

        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(ModelException.NotAModel, $"Model {path} cannot be read: {e.Message}", e);
        }

        var file = new ModelFile(path, bytes.LongLength);
        RefuseOtherFormats(path, bytes);
        try
        {
            file.Model(bytes);
        }
        catch (FormatException e)
        {
            throw new ModelException(
                ModelException.NotAModel,
                $"Model {path} is not a whole ONNX file: {e.Message}. Export or copy it again.",
                e
            );
        }

        file.Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return file;
    }

    private static void RefuseOtherFormats(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("version https://git-lfs"u8))
        {
            throw Bad(path, "is a Git LFS pointer, not the model", "fetch it with 'git lfs pull'");
        }

        if (bytes.StartsWith("PK"u8))
        {
            throw Bad(
                path,
                "is a zip archive (PyTorch weights?)",
                "export it to ONNX: 'yolo export model=FILE.pt format=onnx dynamic=True'"
            );
        }

        if (bytes[..Math.Min(bytes.Length, 64)].IndexOfAnyExceptInRange((byte)9, (byte)126) < 0)
        {
            throw Bad(path, "is text", "give the path of an .onnx file");
        }
    }

    private void Model(ReadOnlySpan<byte> bytes)
    {
        var hasGraph = false;
        for (var field = new ProtobufFields(bytes); field.Next(); )
        {
            if (field.Number == 7) // graph
            {
                hasGraph = true;
                Graph(field.Bytes, 0);
            }
            else if (field.Number == 25) // functions: node = 7
            {
                for (var function = new ProtobufFields(field.Bytes); function.Next(); )
                {
                    if (function.Number == 7)
                    {
                        Node(function.Bytes, 0);
                    }
                }
            }
        }

        if (!hasGraph)
        {
            throw new FormatException("it has no graph");
        }
    }

    private void Graph(ReadOnlySpan<byte> bytes, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Unsafe($"nests graphs deeper than {MaxDepth}");
        }

        for (var field = new ProtobufFields(bytes); field.Next(); )
        {
            switch (field.Number)
            {
                case 1:
                    Node(field.Bytes, depth);
                    break;
                case 5:
                    Tensor(field.Bytes);
                    break;
                case 15:
                    SparseTensor(field.Bytes);
                    break;
            }
        }
    }

    private void Node(ReadOnlySpan<byte> bytes, int depth)
    {
        var (op, domain) = ("", "");
        for (var field = new ProtobufFields(bytes); field.Next(); )
        {
            switch (field.Number)
            {
                case 4:
                    op = Encoding.UTF8.GetString(field.Bytes);
                    break;
                case 5:
                    Attribute(field.Bytes, depth);
                    break;
                case 7:
                    domain = Encoding.UTF8.GetString(field.Bytes);
                    break;
            }
        }

        if (!s_domains.Contains(domain))
        {
            throw Unsafe($"uses the operator {domain}:{op}, which needs a custom library");
        }

        IsQuantized |= IsOfIntegers(op);
        if (op == "EPContext")
        {
            throw Unsafe("holds an engine compiled for one device (EPContext)");
        }
    }

    /// <summary>Operators of quantised networks, in the form with separate nodes for rounding and in the fused ones.</summary>
    internal static bool IsOfIntegers(string op) =>
        op.StartsWith("QLinear", StringComparison.Ordinal)
        || op is "QuantizeLinear" or "DequantizeLinear" or "DynamicQuantizeLinear" or "ConvInteger" or "MatMulInteger";

    private void Attribute(ReadOnlySpan<byte> bytes, int depth)
    {
        for (var field = new ProtobufFields(bytes); field.Next(); )
        {
            switch (field.Number)
            {
                case 5 or 10: // t, tensors
                    Tensor(field.Bytes);
                    break;
                case 6 or 11: // g, graphs
                    Graph(field.Bytes, depth + 1);
                    break;
                case 22 or 23: // sparse_tensor, sparse_tensors
                    SparseTensor(field.Bytes);
                    break;
            }
        }
    }

    private void SparseTensor(ReadOnlySpan<byte> bytes)
    {
        for (var field = new ProtobufFields(bytes); field.Next(); )
        {
            if (field.Number is 1 or 2) // values, indices
            {
                Tensor(field.Bytes);
            }
        }
    }

    private void Tensor(ReadOnlySpan<byte> bytes)
    {
        var (type, elements, name) = (0UL, 1L, "");
        string? location = null;
        ReadOnlySpan<byte> raw = default;
        for (var field = new ProtobufFields(bytes); field.Next(); )
        {
            switch (field.Number)
            {
                case 1 when field.Bytes.IsEmpty: // dims, one by one or packed; only the relation of the sums counts
                    elements = unchecked(elements * (long)field.Varint);
                    break;
                case 1:
                    elements = field.Bytes.Length;
                    break;
                case 2:
                    type = field.Varint;
                    break;
                case 8:
                    name = Encoding.UTF8.GetString(field.Bytes);
                    break;
                case 9:
                    raw = field.Bytes;
                    break;
                case 13:
                    location = Location(field.Bytes) ?? location;
                    break;
            }
        }

        _halfWeights += type == Float16 ? elements : 0;
        _singleWeights += type == 1 ? elements : 0;
        HasWideIntegers |=
            type == Int8
            && MemoryMarshal.Cast<byte, sbyte>(raw) is var weights
            && weights.ContainsAnyExceptInRange((sbyte)-WidestSafe, (sbyte)WidestSafe);
        if (location is not null)
        {
            ExternalFile(name, location);
        }
    }

    /// <summary>The value of a StringStringEntryProto whose key is "location".</summary>
    private static string? Location(ReadOnlySpan<byte> entry)
    {
        var (key, value) = ("", "");
        for (var field = new ProtobufFields(entry); field.Next(); )
        {
            key = field.Number == 1 ? Encoding.UTF8.GetString(field.Bytes) : key;
            value = field.Number == 2 ? Encoding.UTF8.GetString(field.Bytes) : value;
        }

        return key == "location" ? value : null;
    }

    private void ExternalFile(string tensor, string location)
    {
        if (location.Length == 0 || location is "." or ".." || location.AsSpan().ContainsAny("/\\:\0"))
        {
            throw Unsafe($"keeps tensor '{tensor}' in '{location}', which is not a plain file name");
        }

        var beside = new FileInfo(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, location));
        if (beside is not { Exists: true, Length: > 0, LinkTarget: null })
        {
            throw Unsafe($"keeps tensor '{tensor}' in '{location}', which is not a regular file beside the model (copy it there)");
        }
    }

    private ModelException Unsafe(string why) =>
        new(
            ModelException.Unsafe,
            $"Model {Path} is refused: it {why}. Export it again as one self-contained ONNX file of standard operators."
        );

    private static ModelException Bad(string path, string what, string hint) =>
        new(ModelException.NotAModel, $"Model {path} {what}: {hint}.");
}
