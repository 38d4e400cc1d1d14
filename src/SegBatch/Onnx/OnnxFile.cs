using Google.Protobuf;

namespace SegBatch.Onnx;

/// <summary>Whole ONNX models in memory, for editing.</summary>
internal static class OnnxFile
{
    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidProtocolBufferException">The file is no protobuf of a model.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ModelProto Read(string path)
    {
        using var file = File.OpenRead(path);
        return ModelProto.Parser.ParseFrom(file);
    }

    /// <summary>Some weights lie in files beside the model: it cannot be moved or loaded from memory.</summary>
    public static bool HasExternalData(ModelProto model) => model.Graph.Initializer.Any(tensor => tensor.ExternalData.Count > 0);
}
