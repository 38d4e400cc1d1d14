using System.Security.Cryptography;
using Google.Protobuf;
using SegBatch.Onnx;

namespace SegBatch.Inference;

/// <summary>
/// What is checked of a model file before ONNX Runtime sees it: that it is a regular, non-empty protobuf, that its external
/// tensors are plain files beside it, and that it needs no foreign code (<see cref="ModelScan"/>).
/// </summary>
public sealed class ModelFile
{
    private ModelFile(string path, byte[] bytes, ModelScan scan)
    {
        (Path, Length, Sha256) = (path, bytes.LongLength, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        (HasHalfWeights, IsQuantized, HasWideIntegers) = (scan.HasHalfWeights, scan.IsQuantized, scan.HasWideIntegers);
    }

    public string Path { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>SHA-256 of the file in lower-case hex (without external tensors).</summary>
    public string Sha256 { get; }

    /// <summary>Most weights are float16: the network computes in half precision whatever its input's type.</summary>
    public bool HasHalfWeights { get; }

    /// <summary>Parts of the network compute in 8-bit integers.</summary>
    public bool IsQuantized { get; }

    /// <summary>
    /// Quantised with weights of full 8 bits: processors without dot-product instructions (VNNI) cut their sums off unless told to
    /// compute them the slow way. <see cref="ShapeSession"/> tells them.
    /// </summary>
    public bool HasWideIntegers { get; }

    /// <summary>The graph of a file that was checked before.</summary>
    /// <exception cref="ModelException">The file has become unreadable.</exception>
    internal static OnnxSkeleton ReadGraph(string path)
    {
        try
        {
            return OnnxSkeleton.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or InvalidProtocolBufferException)
        {
            throw new ModelException(ModelException.NotAModel, $"Model {path} cannot be read again: {e.Message}", e);
        }
    }

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

        RefuseOtherFormats(path, bytes);
        try
        {
            return new ModelFile(path, bytes, ModelScan.Of(path, bytes));
        }
        catch (FormatException e)
        {
            throw new ModelException(
                ModelException.NotAModel,
                $"Model {path} is not a whole ONNX file: {e.Message}. Export or copy it again.",
                e
            );
        }
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

    private static ModelException Bad(string path, string what, string hint) =>
        new(ModelException.NotAModel, $"Model {path} {what}: {hint}.");
}
