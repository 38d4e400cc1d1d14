using System.Runtime.InteropServices;
using System.Text;

namespace SegBatch.Inference;

/// <summary>
/// Looks at every node and tensor of a model file, those of sub-graphs and functions too: what the network computes in, and that it needs
/// no foreign code and no files but plain ones beside it. Field numbers are those of onnx.proto3.
/// </summary>
internal sealed class ModelScan
{
    private const int MaxDepth = 64;
    private const int Single = 1;
    private const int Int8 = 3;
    private const int Float16 = 10;

    /// <summary>The largest weight whose products with unsigned bytes can be added in pairs in 16 bits: 2 · 255 · 64 = 32,640.</summary>
    private const int WidestSafe = 64;
    private static readonly HashSet<string> s_domains = ["", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc"];
    private readonly string _path;
    private long _singleWeights;
    private long _halfWeights;

    private ModelScan(string path) => _path = path;

    /// <summary>Most weights are float16.</summary>
    public bool HasHalfWeights => _halfWeights > _singleWeights;

    /// <summary>Some operators compute in 8-bit integers.</summary>
    public bool IsQuantized { get; private set; }

    /// <summary>Some 8-bit weights are beyond <see cref="WidestSafe"/>.</summary>
    public bool HasWideIntegers { get; private set; }

    /// <param name="path">Of the file.</param>
    /// <param name="bytes">What is in it.</param>
    /// <exception cref="FormatException">That is no whole ONNX model.</exception>
    /// <exception cref="ModelException">The model is unsafe.</exception>
    public static ModelScan Of(string path, ReadOnlySpan<byte> bytes)
    {
        var scan = new ModelScan(path);
        scan.Model(bytes);
        return scan;
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
    private static bool IsOfIntegers(string op) =>
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
                    location = ExternalTensor.Location(field.Bytes) ?? location;
                    break;
            }
        }

        _halfWeights += type == Float16 ? elements : 0;
        _singleWeights += type == Single ? elements : 0;
        HasWideIntegers |=
            type == Int8
            && MemoryMarshal.Cast<byte, sbyte>(raw) is var weights
            && weights.ContainsAnyExceptInRange((sbyte)-WidestSafe, (sbyte)WidestSafe);
        if (location is not null && ExternalTensor.WhyUnsafe(_path, name, location) is { } why)
        {
            throw Unsafe(why);
        }
    }

    private ModelException Unsafe(string why) =>
        new(
            ModelException.Unsafe,
            $"Model {_path} is refused: it {why}. Export it again as one self-contained ONNX file of standard operators."
        );
}
