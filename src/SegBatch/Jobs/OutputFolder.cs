using System.Text.Json;
using SegBatch.Output;

namespace SegBatch.Jobs;

/// <summary>
/// The output folder of a job while it runs: locked against a second job, with a staging folder per video. Results appear
/// under their final names only when a video is whole; its commit record appears last and is what a later run goes by.
/// </summary>
public sealed class OutputFolder : IDisposable
{
    /// <summary>What the system says of a file that another process holds: Windows, and EWOULDBLOCK of flock.</summary>
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int WouldBlock = 11;

    private readonly FileStream _lock;

    private OutputFolder(string root, FileStream locked)
    {
        Root = root;
        _lock = locked;
    }

    public string Root { get; }

    /// <summary>Creates or re-opens the folder.</summary>
    /// <exception cref="JobException">It cannot be written, or another job is writing to it.</exception>
    public static OutputFolder Open(string root)
    {
        FileStream? locked = null;
        try
        {
            var own = Directory.CreateDirectory(Path.Combine(root, "_segbatch")).FullName;
            locked = Lock(root, Path.Combine(own, "lock"));
            var folder = new OutputFolder(root, locked);
            foreach (var key in PendingCommits.Find(root))
            {
                PendingCommits.Carry(root, key);
            }

            folder.DropStaging();
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            locked?.Dispose();
            var why = File.Exists(root) ? "there is a file of that name. Choose another output folder." : error.Message;
            throw new JobException(JobFailure.CannotWrite, $"Cannot write to the output folder {root}: {why}", error);
        }
    }

    private static FileStream Lock(string root, string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error.HResult is SharingViolation or WouldBlock)
        {
            throw new JobException(
                JobFailure.CannotWrite,
                $"{root} is in use by another run (its lock is held). Wait for it, or choose another output folder.",
                error
            );
        }
    }

    /// <summary>An empty folder for the files of one video while they are being written.</summary>
    public string Stage(string key)
    {
        var folder = Own(Root, "staging", key);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>
    /// Moves a video's files to their final names and then writes its commit record. A process that dies meanwhile leaves the video as it
    /// was before, or as it is now as soon as the folder is opened again: never some files of each.
    /// </summary>
    public void Commit(VideoRecord record, IEnumerable<StagedFile> files)
    {
        PendingCommits.Decide(Root, record, files);
        PendingCommits.Carry(Root, record.Key);
    }

    /// <summary>Ends commits that a process which died has left in the middle, so that the tables can be read. Does nothing where a job is at work.</summary>
    /// <exception cref="JobException">There are some, and the folder cannot be written.</exception>
    public static void Settle(string root)
    {
        if (PendingCommits.Find(root).Count == 0)
        {
            return;
        }

        try
        {
            Open(root).Dispose();
        }
        catch (JobException error) when (error.InnerException is IOException { HResult: SharingViolation or WouldBlock })
        {
            return; // whoever holds the lock is about to end them
        }
    }

    /// <summary>Every commit record, by key; null for one that proves nothing, see <see cref="Committed"/>.</summary>
    public static IReadOnlyList<(string Key, VideoRecord? Record)> Records(string root)
    {
        var folder = Own(root, "commits", "");
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var keys = Directory.GetFiles(folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!);
        return [.. keys.Order(StringComparer.Ordinal).Select(key => (key, Committed(root, key)))];
    }

    /// <summary>Notes that a video was given up, and removes what was staged of it.</summary>
    public void Reject(RejectRecord record)
    {
        WriteWhole(RecordPath(Root, "rejects", record.Key), JsonSerializer.Serialize(record, RecordJson.Options));
        Abandon(record.Key);
    }

    /// <summary>Removes what was staged of a video.</summary>
    public void Abandon(string key)
    {
        var staging = Own(Root, "staging", key);
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }
    }

    /// <summary>
    /// The commit record of a video whose every file is still there; null otherwise. Options that a record of an older version does not
    /// name are at their defaults. Needs no lock.
    /// </summary>
    public static VideoRecord? Committed(string root, string key)
    {
        var path = RecordPath(root, "commits", key);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var record = JsonSerializer.Deserialize<VideoRecord>(File.ReadAllText(path), RecordJson.Options);
            return record is { Files: not null, Settings: not null } && record.Files.All(file => File.Exists(Path.Combine(root, file)))
                ? record.Complete()
                : null;
        }
        catch (JsonException)
        {
            return null; // a damaged record proves nothing: the video is done again
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

    public void Dispose()
    {
        DropStaging();
        _lock.Dispose();
    }

    internal static string RecordPath(string root, string kind, string key) => Own(root, kind, key + ".json");

    /// <summary>A place of ours, which readers of the tables skip.</summary>
    internal static string Own(string root, string kind, string name) => Path.Combine(root, "_segbatch", kind, name);

    private void DropStaging()
    {
        var staging = Own(Root, "staging", "");
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }
    }
}
