using System.Security.Cryptography;
using System.Text;

namespace SegBatch.Jobs;

/// <summary>Names for videos in tables and file names: readable, unique in the job, valid on every file system.</summary>
public static class VideoKeys
{
    /// <summary>A file name holds 255 bytes; this leaves room for two hashes and any extension of ours.</summary>
    private const int MaxBytes = 120;

    /// <summary>
    /// Keys by path. The key is the path below the root that the job named (a folder, the fixed part of a glob), its separators
    /// written as <c>__</c>, without the extension: it does not change when other sources join the job, unless one of them wants the
    /// same key. Paths whose keys would be the same, in any casing, all get the first eight digits of the SHA-256 of their path below
    /// <paramref name="keyFolder"/> added.
    /// </summary>
    /// <param name="roots">Absolute path of each source, and the folder it was found below.</param>
    public static IReadOnlyDictionary<string, string> For(IReadOnlyDictionary<string, string> roots, string keyFolder)
    {
        var plain = roots.ToDictionary(pair => pair.Key, pair => Readable(Relative(pair.Key, pair.Value)), StringComparer.Ordinal);
        var keys = plain;
        for (var digits = 8; Twins(keys) is { Count: > 0 } twins && digits <= 64; digits *= 2)
        {
            keys = new(keys, StringComparer.Ordinal);
            foreach (var path in twins)
            {
                keys[path] = $"{plain[path]}-{Hash(Path.GetRelativePath(keyFolder, path), digits)}";
            }
        }

        return keys;
    }

    private static List<string> Twins(Dictionary<string, string> keys) =>
        [
            .. keys.GroupBy(pair => pair.Value, StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Skip(1).Any())
                .SelectMany(group => group.Select(pair => pair.Key)),
        ];

    /// <summary>The folder itself may be a source, of pictures: then its name is what is left.</summary>
    private static string Relative(string path, string root) => path == root ? Path.GetFileName(path) : Path.GetRelativePath(root, path);

    private static string Readable(string relative)
    {
        var stem = relative[..^KnownExtension(relative)];
        var text = new StringBuilder(stem.Length);
        foreach (var c in stem)
        {
            text.Append(
                c switch
                {
                    '/' => "__",
                    _ when char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '+' => c.ToString(),
                    _ => "_",
                }
            );
        }

        // A leading dash would be taken for an option by other people's tools, a leading underscore or dot hides a file from readers.
        var key = text.ToString().TrimStart('-', '.', '_').TrimEnd('.', '_');
        var whole = key;
        while (Encoding.UTF8.GetByteCount(key) > MaxBytes)
        {
            key = key[..^1];
        }

        return key.Length == 0 || IsReservedOnWindows(key) ? $"video-{Hash(relative, 8)}"
            : key.Length < whole.Length ? $"{key}-{Hash(relative, 8)}"
            : key;
    }

    private static int KnownExtension(string path) => SourceFinder.IsMedia(path) ? Path.GetExtension(path).Length : 0;

    private static bool IsReservedOnWindows(string key)
    {
        var name = key.Split('.')[0].ToUpperInvariant();
        return name is "CON" or "PRN" or "AUX" or "NUL" || (name.Length == 4 && name[..3] is "COM" or "LPT" && char.IsDigit(name[3]));
    }

    private static string Hash(string text, int digits) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];
}
