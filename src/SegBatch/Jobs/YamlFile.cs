using System.Text;

namespace SegBatch.Jobs;

/// <summary>What a YAML text is, in the words of its problems.</summary>
internal sealed record TextKind(string Name, string Needs, string Example)
{
    public static TextKind Manifest { get; } = new("manifest", "model, output and sources", "model: …, output: …, sources: …");

    public static TextKind TrackerFile { get; } = new("tracker file", "tracker_type", "tracker_type: …, track_buffer: …");
}

/// <summary>Reads the text of a manifest, or of a file that it names; says what somebody named by mistake.</summary>
internal static class YamlFile
{
    private const int MaxBytes = 4 << 20;

    /// <param name="path">As the user wrote it: messages begin with it.</param>
    /// <param name="kind">What it is meant to be.</param>
    /// <exception cref="ManifestException">It cannot be read as text.</exception>
    public static string Read(string path, TextKind kind)
    {
        if (Directory.Exists(path))
        {
            var instead = kind == TextKind.Manifest ? ", or use --source for videos" : "";
            throw new ManifestException([$"{path} is a folder. Name the {kind.Name} in it{instead}."]);
        }

        if (!File.Exists(path))
        {
            throw new ManifestException([$"{path} does not exist (looked in {Path.GetDirectoryName(Path.GetFullPath(path))})."]);
        }

        if (kind == TextKind.Manifest && SourceFinder.IsMedia(path))
        {
            throw new ManifestException([$"{path} is a video or picture, not a manifest. Use --source {path} --model FILE --out DIR."]);
        }

        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new ManifestException([$"{path}: larger than {MaxBytes >> 20} MB; this is no {kind.Name}"]);
            }

            // UTF-8, or what a byte order mark says; bytes that are neither are an error, not question marks in paths.
            using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            var text = reader.ReadToEnd();
            return text.Contains('\0', StringComparison.Ordinal) ? throw NotText(path) : text;
        }
        catch (DecoderFallbackException)
        {
            throw NotText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ManifestException([$"{path} cannot be read: {error.Message}"]);
        }
    }

    private static ManifestException NotText(string path) => new([$"{path}: not UTF-8 text. Save it as UTF-8."]);
}
