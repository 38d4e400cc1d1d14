using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace SegBatch.IntegrationTests.Cli;

/// <summary>Output folders of runs, to copy and to compare.</summary>
internal static class Folder
{
    /// <summary>SHA-256 of every table by its path in the folder.</summary>
    public static SortedDictionary<string, string> Tables(string output) =>
        new(
            Directory
                .GetFiles(output, "*.parquet", SearchOption.AllDirectories)
                .ToDictionary(
                    file => Path.GetRelativePath(output, file),
                    file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))
                ),
            StringComparer.Ordinal
        );

    /// <summary>Text of every commit record by its name.</summary>
    public static SortedDictionary<string, string> Commits(string output) =>
        new(
            Directory
                .GetFiles(Path.Combine(output, "_segbatch", "commits"))
                .ToDictionary(file => Path.GetFileName(file)!, File.ReadAllText),
            StringComparer.Ordinal
        );

    public static string Copy(string output, string target)
    {
        foreach (var file in Directory.GetFiles(output, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(output, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }

    /// <summary>One more video with the tables of another, as if a run had written it.</summary>
    public static void CopyVideo(string output, string key, string copy)
    {
        foreach (var file in Directory.GetFiles(output, $"{key}.parquet", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(Path.GetDirectoryName(file)!, $"{copy}.parquet"));
        }

        var commits = Path.Combine(output, "_segbatch", "commits");
        var record = JsonNode.Parse(File.ReadAllText(Path.Combine(commits, $"{key}.json")))!;
        record["key"] = copy;
        record["files"] = new JsonArray(
            [.. record["files"]!.AsArray().Select(file => JsonValue.Create(((string)file!).Replace(key, copy, StringComparison.Ordinal)))]
        );
        File.WriteAllText(Path.Combine(commits, $"{copy}.json"), record.ToJsonString());
    }
}
