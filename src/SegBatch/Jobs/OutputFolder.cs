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
            folder.DropStaging();
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            locked?.Dispose();
            throw new JobException(JobFailure.CannotWrite, $"Cannot write to the output folder {root}: {error.Message}", error);
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
        var folder = Path.Combine(Root, "_segbatch", "staging", key);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>Moves a video's files to their final names and then writes its commit record.</summary>
    public void Commit(VideoRecord record, IEnumerable<StagedFile> files)
    {
        foreach (var file in files)
        {
            var target = Path.Combine(Root, file.RelativePath);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(file.StagedPath, target, overwrite: true);
        }

        var reject = RecordPath(Root, "rejects", record.Key);
        if (File.Exists(reject))
        {
            File.Delete(reject);
        }

        WriteWhole(RecordPath(Root, "commits", record.Key), JsonSerializer.Serialize(record, RecordJson.Options));
        Directory.Delete(Path.Combine(Root, "_segbatch", "staging", record.Key), recursive: true);
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
        var staging = Path.Combine(Root, "_segbatch", "staging", key);
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }
    }

    /// <summary>The commit record of a video whose every file is still there; null otherwise. Needs no lock.</summary>
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
            return record is not null && record.Files.All(file => File.Exists(Path.Combine(root, file))) ? record : null;
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

    private static string RecordPath(string root, string kind, string key) => Path.Combine(root, "_segbatch", kind, key + ".json");

    private void DropStaging()
    {
        var staging = Path.Combine(Root, "_segbatch", "staging");
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }
    }
}
