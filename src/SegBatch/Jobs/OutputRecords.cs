using System.Text.Json;

namespace SegBatch.Jobs;

/// <summary>What lies in an output folder beside its tables: where, how it is written, and what the records prove. Reading needs no lock.</summary>
public static class OutputRecords
{
    /// <summary>Keys of all videos that have a commit record, in order.</summary>
    public static IReadOnlyList<string> Keys(string root)
    {
        var folder = Own(root, "commits", "");
        return Directory.Exists(folder)
            ?
            [
                .. Directory
                    .GetFiles(folder, "*.json")
                    .Select(path => Path.GetFileNameWithoutExtension(path)!)
                    .Order(StringComparer.Ordinal),
            ]
            : [];
    }

    /// <summary>Every commit record, by key; null for one that proves nothing, see <see cref="Committed"/>.</summary>
    public static IReadOnlyList<(string Key, VideoRecord? Record)> Records(string root) =>
        [.. Keys(root).Select(key => (key, Committed(root, key)))];

    /// <summary>
    /// The commit record of a video whose every file is still there; null otherwise. Options that a record of an older version does not
    /// name are at their defaults. Needs no lock.
    /// </summary>
    public static VideoRecord? Committed(string root, string key) =>
        ReadRecord(root, key) is { } record && record.Files.All(file => File.Exists(Path.Combine(root, file))) ? record.Complete() : null;

    /// <summary>A commit record as it was written, whatever became of its files; null where there is none that says anything.</summary>
    internal static VideoRecord? ReadRecord(string root, string key)
    {
        var path = RecordPath(root, "commits", key);
        return File.Exists(path) && Parse<VideoRecord>(path) is { Files: not null, Settings: not null } record ? record : null;
    }

    /// <summary>What a file of ours holds; null where it is damaged, as after a power cut that came before its text was on the disk.</summary>
    internal static T? Parse<T>(string path)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), RecordJson.Options);
        }
        catch (JsonException)
        {
            return null; // it proves nothing: the video is done again
        }
    }

    /// <summary>Writes a file so that it is either whole or absent under its name.</summary>
    public static void WriteWhole(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = path + ".partial";
        File.WriteAllText(partial, text);
        File.Move(partial, path, overwrite: true);
    }

    internal static string RecordPath(string root, string kind, string key) => Own(root, kind, key + ".json");

    /// <summary>A place of ours, which readers of the tables skip.</summary>
    internal static string Own(string root, string kind, string name) => Path.Combine(root, "_segbatch", kind, name);
}
