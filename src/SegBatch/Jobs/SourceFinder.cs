using System.Text.RegularExpressions;
using SegBatch.Decoding;

namespace SegBatch.Jobs;

/// <summary>A video, a picture or a folder of pictures that a job names.</summary>
/// <param name="Key">Unique in the job, readable, safe as a file name anywhere.</param>
/// <param name="Path">Absolute path.</param>
/// <param name="Options">What holds for it.</param>
public sealed record FoundSource(string Key, string Path, SourceOptions Options);

/// <summary>
/// Lists what the patterns of a job name: files as they are, folders with everything below them, globs with <c>*</c>, <c>?</c> and
/// <c>**</c>. A folder's own pictures are one source together. The order is that of the paths, whatever the order of the patterns;
/// a source found twice keeps the options of the last pattern that names it, so that a specific line can follow a general one.
/// </summary>
public static class SourceFinder
{
    private static readonly HashSet<string> VideoExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".3g2",
        ".3gp",
        ".asf",
        ".avi",
        ".dv",
        ".f4v",
        ".flv",
        ".gif",
        ".h264",
        ".h265",
        ".hevc",
        ".ivf",
        ".m2ts",
        ".m4v",
        ".mjpeg",
        ".mjpg",
        ".mkv",
        ".mov",
        ".mp4",
        ".mpeg",
        ".mpg",
        ".mts",
        ".mxf",
        ".nut",
        ".ogg",
        ".ogv",
        ".ts",
        ".vob",
        ".webm",
        ".wmv",
        ".y4m",
    };

    /// <summary>Everything the job's patterns find, in order of path, each once.</summary>
    /// <exception cref="JobException">A pattern finds nothing, or the output would be read as input: all problems in one message.</exception>
    public static IReadOnlyList<FoundSource> Find(JobManifest job)
    {
        var found = new SortedDictionary<string, SourceOptions>(StringComparer.Ordinal);
        var roots = new Dictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var source in job.Sources)
        {
            var any = false;
            var (root, paths) = Expand(job.BaseFolder, source.Pattern, job.Output);
            foreach (var path in paths)
            {
                found[path] = source.Options;
                roots.TryAdd(path, root);
                any = true;
            }

            if (!any)
            {
                problems.Add($"{source.Location}: '{source.Pattern}' finds no video or picture (looked in {root}).");
            }
        }

        if (problems.Count > 0)
        {
            throw new JobException(JobFailure.Configuration, string.Join('\n', problems));
        }

        var keys = VideoKeys.For(roots, job.BaseFolder);
        return [.. found.Select(pair => new FoundSource(keys[pair.Key], pair.Key, pair.Value))];
    }

    private static (string Root, IEnumerable<string> Paths) Expand(string baseFolder, string pattern, string output)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(baseFolder, pattern)));
        if (File.Exists(path))
        {
            return (Path.GetDirectoryName(path)!, [path]);
        }

        if (Directory.Exists(path))
        {
            return (path, Group(Walk(path, output).Where(IsMedia)));
        }

        var root = FixedFolder(path);
        if (!Directory.Exists(root))
        {
            return (root, []);
        }

        var matcher = Glob(path);
        return (root, Walk(root, output).Where(file => matcher.IsMatch(file) && IsMedia(file)));
    }

    /// <summary>True for a file that a folder or glob takes: its name says video or picture.</summary>
    public static bool IsMedia(string path) => VideoExtensions.Contains(Path.GetExtension(path)) || PictureFolderReader.IsPicture(path);

    /// <summary>Pictures that lie in one folder become that folder.</summary>
    private static IEnumerable<string> Group(IEnumerable<string> files) =>
        files.Select(file => PictureFolderReader.IsPicture(file) ? Path.GetDirectoryName(file)! : file).Distinct(StringComparer.Ordinal);

    /// <summary>Files below a folder; hidden ones, links and our own output are left out.</summary>
    private static IEnumerable<string> Walk(string folder, string output)
    {
        var options = new EnumerationOptions
        {
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
        };
        foreach (var file in Directory.EnumerateFiles(folder, "*", options))
        {
            yield return file;
        }

        foreach (var inner in Directory.EnumerateDirectories(folder, "*", options))
        {
            if (inner == output || Directory.Exists(Path.Combine(inner, "_segbatch")))
            {
                continue;
            }

            foreach (var file in Walk(inner, output))
            {
                yield return file;
            }
        }
    }

    /// <summary>The folder of a pattern before its first wildcard.</summary>
    private static string FixedFolder(string pattern)
    {
        var wild = pattern.AsSpan().IndexOfAny('*', '?');
        return Path.GetDirectoryName(wild < 0 ? pattern : pattern[..(wild + 1)]) ?? "/";
    }

    /// <summary><c>**/</c> is any number of folders, <c>*</c> any part of a name, <c>?</c> one character.</summary>
    private static Regex Glob(string pattern)
    {
        var regex = Regex
            .Escape(pattern)
            .Replace(@"\*\*/", "(?:[^/]+/)*", StringComparison.Ordinal)
            .Replace(@"\*\*", ".*", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            .Replace(@"\?", "[^/]", StringComparison.Ordinal);
        return new Regex($"^{regex}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
