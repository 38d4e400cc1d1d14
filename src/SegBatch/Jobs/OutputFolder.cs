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
        var folder = OutputRecords.Own(Root, "staging", key);
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

    /// <summary>Notes that a video was given up, and removes what was staged of it.</summary>
    /// <exception cref="JobException">The folder cannot be written.</exception>
    public void Reject(RejectRecord record)
    {
        Write(() =>
            OutputRecords.WriteWhole(
                OutputRecords.RecordPath(Root, "rejects", record.Key),
                JsonSerializer.Serialize(record, RecordJson.Options)
            )
        );
        Abandon(record.Key);
    }

    /// <summary>Removes what was staged of a video.</summary>
    /// <exception cref="JobException">The folder cannot be written.</exception>
    public void Abandon(string key) =>
        Write(() =>
        {
            var staging = OutputRecords.Own(Root, "staging", key);
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        });

    /// <summary>Writes run.json.</summary>
    /// <exception cref="JobException">The folder cannot be written.</exception>
    internal static void WriteRun(string root, string json) => Write(() => OutputRecords.WriteWhole(RunPath(root), json));

    internal static string RunPath(string root) => Path.Combine(root, "run.json");

    /// <summary>What ends a job whose results cannot be written.</summary>
    internal static JobException CannotWrite(Exception error) =>
        new(JobFailure.CannotWrite, $"{error.Message}\nFree space or mend the output folder, then run the same command again.", error);

    private static void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(error);
        }
    }

    public void Dispose()
    {
        DropStaging();
        _lock.Dispose();
    }

    private void DropStaging()
    {
        var staging = OutputRecords.Own(Root, "staging", "");
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }
    }
}
