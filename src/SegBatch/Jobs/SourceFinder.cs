using System.Text.Json.Nodes;
using SegBatch.Decoding;

namespace SegBatch.Jobs;

/// <summary>A video, a picture or a folder of pictures that a job names.</summary>
/// <param name="Key">Unique in the job, readable, safe as a file name anywhere.</param>
/// <param name="Path">Absolute path.</param>
/// <param name="Options">What holds for it.</param>
public sealed record FoundSource(string Key, string Path, SourceOptions Options);

/// <summary>
/// Lists what the patterns of a job name: files as they are, folders with everything below them, globs with <c>*</c>, <c>?</c> and
/// <c>**</c>. A folder's own pictures are one source together. The order of the patterns does not matter: sources are sorted by
/// path, each comes once, and where several patterns find it the most specific one says its options (a file before a glob or
/// folder, a deeper glob or folder before a higher one).
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
    /// <exception cref="JobException">A pattern finds nothing or contradicts another, a folder cannot be read, or the output would be read as input: all problems in one message.</exception>
    public static IReadOnlyList<FoundSource> Find(JobManifest job)
    {
        var found = new SortedDictionary<string, Claim>(StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var source in job.Sources)
        {
            var place = new SourcePlace(job.BaseFolder, source.Pattern);
            if (place.Problem(job.Output) is { } problem)
            {
                problems.Add($"{source.Location}: {problem}");
                continue;
            }

            var tree = new SourceTree(job.Output, place.Depth);
            var any = false;
            foreach (var path in place.Expand(tree))
            {
                any = true;
                var claim = new Claim(source, place.Rank, place.Root);
                found[path] = found.TryGetValue(path, out var other) ? Claim.Stronger(other, claim, path, problems) : claim;
            }

            problems.AddRange(tree.Unreadable.Select(message => $"{source.Location}: {message}"));
            if (!any && tree.Unreadable.Count == 0)
            {
                problems.Add($"{source.Location}: {place.FindsNothing(tree.Links)}");
            }
        }

        if (problems.Count > 0)
        {
            throw new JobException(JobFailure.Configuration, string.Join('\n', problems.Distinct()));
        }

        var keys = VideoKeys.For(found.ToDictionary(pair => pair.Key, pair => pair.Value.Root, StringComparer.Ordinal), job.KeyFolder);
        return [.. found.Select(pair => new FoundSource(keys[pair.Key], pair.Key, pair.Value.Source.Options))];
    }

    /// <summary>True for a file that a folder or glob takes: its name says video or picture.</summary>
    public static bool IsMedia(string path) => VideoExtensions.Contains(Path.GetExtension(path)) || PictureFolderReader.IsPicture(path);

    /// <summary>A pattern that found a path.</summary>
    private readonly record struct Claim(SourceSpec Source, int Rank, string Root)
    {
        /// <summary>The more specific claim, with the outermost root: the key of a video does not depend on the order of the patterns.</summary>
        public static Claim Stronger(Claim one, Claim other, string path, List<string> problems)
        {
            if (one.Rank == other.Rank && !SameOptions(one.Source.Options, other.Source.Options))
            {
                problems.Add(
                    $"{other.Source.Location}: '{PrintableText.Of(other.Source.Pattern)}' names {PrintableText.Of(path)} with other options than {one.Source.Location} does"
                );
            }

            var root = one.Root.Length <= other.Root.Length ? one.Root : other.Root;
            return (other.Rank > one.Rank ? other : one) with { Root = root };
        }

        private static bool SameOptions(SourceOptions one, SourceOptions other) =>
            ReferenceEquals(one, other) || JsonNode.DeepEquals(EffectiveOptions.ToJson(one), EffectiveOptions.ToJson(other));
    }
}
