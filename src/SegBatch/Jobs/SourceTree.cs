namespace SegBatch.Jobs;

/// <summary>
/// Walks the files below a folder. Hidden files and links are left out, and so is what runs have written: the job's own output
/// and every folder that holds a <c>_segbatch</c>.
/// </summary>
/// <param name="output">Absolute path of the job's output folder.</param>
/// <param name="depth">Levels of folders to go down.</param>
internal sealed class SourceTree(string output, int depth)
{
    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None, // what cannot be looked at has all attributes: it would be left out silently
        IgnoreInaccessible = false,
    };

    private const FileAttributes Hidden = FileAttributes.Hidden | FileAttributes.System;

    /// <summary>Stands for bytes of a name that are no UTF-8. The file cannot be opened by such a name.</summary>
    private const char NoText = '\ufffd';

    private readonly List<string> _unreadable = [];

    /// <summary>Folders that could not be listed, each with the reason. Never left out silently: an archive would seem complete.</summary>
    public IReadOnlyList<string> Unreadable => _unreadable;

    /// <summary>Links that were not followed.</summary>
    public int Links { get; private set; }

    /// <summary>Absolute paths of the regular files, one folder after the other.</summary>
    public IEnumerable<string> Files(string folder)
    {
        var left = new Stack<(string Folder, int Level)>();
        left.Push((folder, 0));
        while (left.TryPop(out var next))
        {
            foreach (var entry in List(next.Folder))
            {
                // What cannot be opened by its name has no attributes either; it is rejected on its turn.
                var isKnown = !entry.Name.Contains(NoText, StringComparison.Ordinal) || entry.Exists;
                if (isKnown ? (entry.Attributes & Hidden) != 0 : entry.Name[0] == '.')
                {
                    continue;
                }

                if (isKnown && entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                {
                    Links++;
                }
                else if (entry is FileInfo)
                {
                    yield return entry.FullName;
                }
                else if (next.Level < depth && entry.FullName != output && !Directory.Exists(Path.Combine(entry.FullName, "_segbatch")))
                {
                    left.Push((entry.FullName, next.Level + 1));
                }
            }
        }
    }

    private FileSystemInfo[] List(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).GetFileSystemInfos("*", Everything);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            var why = folder.Contains(NoText, StringComparison.Ordinal) ? "its name is not UTF-8. Rename it." : error.Message;
            _unreadable.Add($"the folder {PrintableText.Of(folder)} cannot be read: {why}");
            return [];
        }
    }
}
