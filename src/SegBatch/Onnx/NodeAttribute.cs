using Google.Protobuf;

namespace SegBatch.Onnx;

/// <summary>Makes and reads the attributes of nodes.</summary>
internal static class NodeAttribute
{
    public static AttributeProto Of(string name, long value) =>
        new()
        {
            Name = name,
            Type = AttributeProto.Types.AttributeType.Int,
            I = value,
        };

    public static AttributeProto Of(string name, string value) =>
        new()
        {
            Name = name,
            Type = AttributeProto.Types.AttributeType.String,
            S = ByteString.CopyFromUtf8(value),
        };

    public static AttributeProto Of(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (var value in values)
        {
            attribute.Ints.Add(value);
        }

        return attribute;
    }

    /// <summary>An attribute's integer, or a default where the node does not state it.</summary>
    public static long Integer(NodeProto node, string name, long otherwise) => Find(node, name)?.I ?? otherwise;

    /// <summary>An attribute's text, or a default where the node does not state it.</summary>
    public static string Text(NodeProto node, string name, string otherwise) => Find(node, name)?.S.ToStringUtf8() ?? otherwise;

    private static AttributeProto? Find(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}
