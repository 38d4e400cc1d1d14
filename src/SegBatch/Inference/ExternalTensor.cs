using System.Text;

namespace SegBatch.Inference;

/// <summary>Tensors whose values lie in a file of their own, which must be a plain one beside the model.</summary>
internal static class ExternalTensor
{
    /// <summary>The value of a StringStringEntryProto whose key is "location".</summary>
    public static string? Location(ReadOnlySpan<byte> entry)
    {
        var (key, value) = ("", "");
        for (var field = new ProtobufFields(entry); field.Next(); )
        {
            key = field.Number == 1 ? Encoding.UTF8.GetString(field.Bytes) : key;
            value = field.Number == 2 ? Encoding.UTF8.GetString(field.Bytes) : value;
        }

        return key == "location" ? value : null;
    }

    /// <summary>Why a tensor must not be read from where the model says; null where it may.</summary>
    /// <param name="model">Path of the model.</param>
    /// <param name="tensor">Its name.</param>
    public static string? WhyUnsafe(string model, string tensor, string location)
    {
        if (location.Length == 0 || location is "." or ".." || location.AsSpan().ContainsAny("/\\:\0"))
        {
            return $"keeps tensor '{tensor}' in '{location}', which is not a plain file name";
        }

        var beside = new FileInfo(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(model))!, location));
        return beside is { Exists: true, Length: > 0, LinkTarget: null }
            ? null
            : $"keeps tensor '{tensor}' in '{location}', which is not a regular file beside the model (copy it there)";
    }
}
