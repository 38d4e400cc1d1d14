namespace SegBatch.Output;

/// <summary>Paths of the tables of one video that its tracks were made from.</summary>
/// <param name="Candidates">Null where none were kept.</param>
/// <param name="Evidence">Null where there was none to keep.</param>
public sealed record VideoTableFiles(string Frames, string Instances, string? Candidates, string? Evidence)
{
    /// <summary>The files that are there under their final names.</summary>
    public static VideoTableFiles Of(string outputFolder, string video)
    {
        return new(At("frames"), At("instances"), Existing(At("candidates")), Existing(At("evidence")));

        string At(string table) => Path.Combine(outputFolder, OutputLayout.File(table, video));
    }

    /// <summary>Files that a <see cref="VideoTables"/> has finished and nobody has moved yet.</summary>
    public static VideoTableFiles Of(IReadOnlyList<StagedFile> staged)
    {
        return new(At("frames")!, At("instances")!, At("candidates"), At("evidence"));

        string? At(string table)
        {
            var path = staged
                .FirstOrDefault(file => file.RelativePath.StartsWith($"{OutputLayout.Folder(table)}/", StringComparison.Ordinal))
                .StagedPath;
            return path;
        }
    }

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
