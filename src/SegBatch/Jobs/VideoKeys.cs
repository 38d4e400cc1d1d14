using System.Security.Cryptography;
using System.Text;

namespace SegBatch.Jobs;

/// <summary>Names for videos in tables and file names: readable, unique in the job, valid on every file system.</summary>
public static class VideoKeys
{
    private const int MaxLength = 120;

    /// <summary>
    /// Keys by path. The key is the path below the deepest common folder with its separators as <c>__</c> and without the extension;
    /// paths whose keys would be the same, in any casing, all get the first eight digits of the SHA-256 of their path added.
    /// </summary>
    public static IReadOnlyDictionary<string, string> For(IReadOnlyList<string> paths)
    {
        var common = CommonFolder(paths);
        var keys = paths.ToDictionary(path => path, path => Readable(path[common..]), StringComparer.Ordinal);
        foreach (var twins in keys.GroupBy(pair => pair.Value, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).ToList())
        {
            foreach (var (path, key) in twins)
            {
                keys[path] = $"{key}-{Hash(path[common..])}";
            }
        }

        return keys;
    }

    private static string Readable(string relative)
    {
        var stem = relative[..^Path.GetExtension(relative).Length];
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

    private static bool IsReservedOnWindows(string key)
    {
        var name = key.Split('.')[0].ToUpperInvariant();
        return name is "CON" or "PRN" or "AUX" or "NUL" || (name.Length == 4 && name[..3] is "COM" or "LPT" && char.IsDigit(name[3]));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    private static int CommonFolder(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
        {
            return 0;
        }

        var common = Path.GetDirectoryName(paths[0])!.TrimEnd('/') + "/";
        foreach (var path in paths)
        {
            while (!path.StartsWith(common, StringComparison.Ordinal))
            {
                common = common[..(common.TrimEnd('/').LastIndexOf('/') + 1)];
            }
        }

        return common.Length;
    }
}
