using System.Text.Json;
using SegBatch.Output;

namespace SegBatch.Jobs;

/// <summary>
/// Several files cannot be replaced at one stroke, but one folder can be renamed: with that, a video's new results are decided. Moving
/// its files to their final names then only carries the decision out, and whoever opens the folder next ends what was cut off.
/// </summary>
internal static class PendingCommits
{
    private const string JournalName = "commit.json";

    /// <summary>Decides: from here on the new results hold, whatever happens.</summary>
    /// <param name="files">In the video's staging folder, which is taken over.</param>
    public static void Decide(string root, VideoRecord record, IEnumerable<StagedFile> files)
    {
        var staging = OutputRecords.Own(root, "staging", record.Key);
        var moves = files.Select(file => new Move(Path.GetRelativePath(staging, file.StagedPath), file.RelativePath)).ToList();
        OutputRecords.WriteWhole(
            Path.Combine(staging, JournalName),
            JsonSerializer.Serialize(new Journal(record, moves), RecordJson.Options)
        );
        var pending = OutputRecords.Own(root, "pending", record.Key);
        Directory.CreateDirectory(Path.GetDirectoryName(pending)!);
        Directory.Move(staging, pending);
    }

    /// <summary>Carries out what was decided of a video; may be cut off and done again.</summary>
    public static void Carry(string root, string key)
    {
        var pending = OutputRecords.Own(root, "pending", key);
        var path = Path.Combine(pending, JournalName);
        if (!File.Exists(path))
        {
            Directory.Delete(pending, recursive: true); // it was carried out, up to this step
            return;
        }

        if (Read(path) is not var (record, moves))
        {
            Forget(root, key);
            return;
        }

        foreach (var move in moves)
        {
            var (staged, target) = (Path.Combine(pending, move.From), Path.Combine(root, move.To));
            if (File.Exists(staged)) // else it was moved before
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Move(staged, target, overwrite: true);
            }
        }

        // What only the results of before had would be taken for a part of these.
        foreach (var file in OutputRecords.ReadRecord(root, key)?.Files.Except(record.Files) ?? [])
        {
            Delete(Path.Combine(root, file));
        }

        Delete(OutputRecords.RecordPath(root, "rejects", key));

        OutputRecords.WriteWhole(OutputRecords.RecordPath(root, "commits", key), JsonSerializer.Serialize(record, RecordJson.Options));
        Directory.Delete(pending, recursive: true);
    }

    /// <summary>The journal; null where it says nothing.</summary>
    private static Journal? Read(string path) =>
        OutputRecords.Parse<Journal>(path) is { Record: not null, Moves: not null } journal ? journal : null;

    /// <summary>Nobody knows which of the video's files are old and which are new: it is no longer done.</summary>
    private static void Forget(string root, string key)
    {
        Delete(OutputRecords.RecordPath(root, "commits", key));
        Directory.Delete(OutputRecords.Own(root, "pending", key), recursive: true);
    }

    private static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>Videos whose results are decided, but perhaps not all under their final names.</summary>
    public static IReadOnlyList<string> Find(string root)
    {
        var folder = OutputRecords.Own(root, "pending", "");
        return Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)!)] : [];
    }

    private sealed record Move(string From, string To);

    private sealed record Journal(VideoRecord Record, IReadOnlyList<Move> Moves);
}
