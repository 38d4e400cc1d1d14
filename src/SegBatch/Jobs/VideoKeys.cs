using System.Security.Cryptography;
using System.Text;

namespace SegBatch.Jobs;

/// <summary>Names for videos in tables and file names: readable, unique in the job, valid on every file system.</summary>
public static class VideoKeys
{
    private const int MaxLength = 120;

    /// <summary>
    /// Keys by path. The key is the path below the root that the job named (a folder, the fixed part of a glob), its separators
    /// written as <c>__</c>, without the extension: it does not change when other sources join the job. Paths whose keys would be the
    /// same, in any casing, all get the first eight digits of the SHA-256 of their path below <paramref name="baseFolder"/> added.
    /// </summary>
    /// <param name="roots">Absolute path of each source, and the folder it was found below.</param>
    public static IReadOnlyDictionary<string, string> For(IReadOnlyDictionary<string, string> roots, string baseFolder)
    {
        var keys = roots.ToDictionary(pair => pair.Key, pair => Readable(Relative(pair.Key, pair.Value)), StringComparer.Ordinal);
        foreach (var twins in keys.GroupBy(pair => pair.Value, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).ToList())
        {
            foreach (var (path, key) in twins)
            {
                keys[path] = $"{key}-{Hash(Path.GetRelativePath(baseFolder, path))}";
            }
        }

        return keys;
    }

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

        var key = text.ToString().Trim('.', '_', ' ');
        if (key.Length > MaxLength)
        {
            key = $"{key[..MaxLength]}-{Hash(relative)}";
        }

        return key.Length == 0 || IsReservedOnWindows(key) ? $"video-{Hash(relative)}" : key;
    }

    private static int KnownExtension(string path) => SourceFinder.IsMedia(path) ? Path.GetExtension(path).Length : 0;

    private static bool IsReservedOnWindows(string key)
    {
        var name = key.Split('.')[0].ToUpperInvariant();
        return name is "CON" or "PRN" or "AUX" or "NUL" || (name.Length == 4 && name[..3] is "COM" or "LPT" && char.IsDigit(name[3]));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
