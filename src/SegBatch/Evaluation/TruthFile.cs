namespace SegBatch.Evaluation;

/// <summary>Recognises what kind of truth a path is, and reads it.</summary>
public static class TruthFile
{
    /// <param name="path">Parquet (a file, a folder of them, or a folder with `instances`), COCO JSON, or text of MOT or MOTS, one or a folder.</param>
    /// <param name="run">Tells which frame a picture is, and the video that a single text is about where there is only one.</param>
    /// <param name="video">The video that a single text or picture list is about; null to find out.</param>
    /// <param name="leastVisible">Objects of tables of which a smaller share is seen are ignored.</param>
    /// <param name="classNames">Names of the class numbers of text, whose other classes are left out; null to take numbers as the run's.</param>
    /// <exception cref="EvaluationException">It is none of these, or damaged.</exception>
    public static ITruth Read(string path, RunTables run, string? video, double leastVisible, IReadOnlyDictionary<int, string>? classNames)
    {
        var only = video ?? (run.Videos is [var single] ? single : null);
        if (Directory.Exists(path))
        {
            var texts = Directory.EnumerateFiles(path, "*.txt").Order(StringComparer.Ordinal).ToList();
            return texts.Count > 0 ? Texts(texts) with { ClassNames = classNames } : new TableTruth(TableObjects.Open(path, leastVisible));
        }

        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            _ when !File.Exists(path) => throw new EvaluationException($"There is no truth at {path}."),
            ".PARQUET" => new TableTruth(TableObjects.Open(path, leastVisible)),
            ".JSON" => CocoTruthReader.Read(path, only, run.Pictures()),
            ".TXT" => MotTruthReader.Read(path, VideoOf(path, run, video)) with { ClassNames = classNames },
            _ => throw new EvaluationException(
                $"{path} is no kind of truth that is known: .parquet, .json (COCO), .txt (MOT or MOTS), or a folder of these."
            ),
        };
    }

    /// <summary>By the file's own name, else as in MOT archives: SEQUENCE/gt/gt.txt.</summary>
    private static string VideoOf(string path, RunTables run, string? video)
    {
        var named = Path.GetFileNameWithoutExtension(path);
        var above = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(path))));
        return video
            ?? (
                run.Videos.Contains(named) ? named
                : above is not null && run.Videos.Contains(above) ? above
                : run.Videos is [var only] ? only
                : throw new EvaluationException($"Which video is {path} about? Say it with --video.")
            );
    }

    private static TruthInMemory Texts(List<string> paths)
    {
        var videos = new Dictionary<string, StoredVideo>();
        foreach (var path in paths)
        {
            foreach (var (name, video) in MotTruthReader.Read(path, Path.GetFileNameWithoutExtension(path)).ByVideo)
            {
                videos[name] = video;
            }
        }

        return new TruthInMemory(videos, null, ListsItsFrames: false);
    }
}
