namespace SegBatch.Jobs;

/// <summary>What one pattern of a job means on this machine: a file, a folder, or a glob below a folder.</summary>
internal sealed class SourcePlace
{
    private const int FileRank = int.MaxValue;
    private const int MostSiblings = 2000;

    private readonly string _pattern;
    private readonly string _path;
    private readonly bool _isFile;
    private readonly bool _isFolder;

    public SourcePlace(string baseFolder, string pattern)
    {
        _pattern = pattern;
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(baseFolder, pattern)));
        // A file may be named like a glob: what exists is meant. Links that lead nowhere count as files here, and are rejected on their turn.
        _isFile = File.Exists(_path);
        _isFolder = !_isFile && Directory.Exists(_path);
        IsGlob = !_isFile && !_isFolder && SourcePattern.HasWildcard(_path);
        Root =
            _isFolder ? _path
            : _isFile ? Path.GetDirectoryName(_path)!
            : SourcePattern.FixedFolder(_path);
        Depth = IsGlob ? SourcePattern.Depth(_path) : int.MaxValue;
    }

    /// <summary>Absolute folder below which it is found: keys are named from there.</summary>
    public string Root { get; }

    public bool IsGlob { get; }

    /// <summary>How many levels of folders below the root can hold a match.</summary>
    public int Depth { get; }

    /// <summary>More specific patterns have a higher one.</summary>
    public int Rank => _isFile ? FileRank : (2 * Root.Length) + (IsGlob ? 1 : 0);

    /// <summary>Why it cannot be read, whatever it holds; null when it can. Results must never become sources.</summary>
    public string? Problem(string output)
    {
        var shown = PrintableText.Of(_pattern);
        if (IsInside(_isFile ? _path : Root, output))
        {
            return $"'{shown}' lies in the output folder {output}, whose results would become sources. Choose another output folder.";
        }

        if ((_isFolder || IsGlob) && Directory.Exists(Path.Combine(Root, "_segbatch")))
        {
            return $"'{shown}' is the output folder of another run. Name the folder of its videos itself if it is meant.";
        }

        return null;
    }

    /// <summary>Absolute paths of the sources it names.</summary>
    public IEnumerable<string> Expand(SourceTree tree)
    {
        if (_isFile)
        {
            return [_path];
        }

        if (_isFolder)
        {
            return tree.Files(_path)
                .Where(SourceFinder.IsMedia)
                .Select(file => Decoding.PictureFolderReader.IsPicture(file) ? Path.GetDirectoryName(file)! : file)
                .Distinct(StringComparer.Ordinal);
        }

        if (!IsGlob || !Directory.Exists(Root))
        {
            return [];
        }

        var matcher = SourcePattern.Matcher(_path);
        return tree.Files(Root).Where(file => matcher.IsMatch(file) && SourceFinder.IsMedia(file));
    }

    /// <summary>Why it found nothing, as exactly as can be said.</summary>
    public string FindsNothing(int links)
    {
        var shown = PrintableText.Of(_pattern);
        var skipped = links > 0 ? $" {links} links were not followed; name what they lead to." : "";
        if (_isFolder || (IsGlob && Directory.Exists(Root)))
        {
            return $"'{shown}' finds no video or picture (looked in {PrintableText.Of(Root)}).{skipped}";
        }

        var folder = IsGlob ? Root : Path.GetDirectoryName(_path) ?? "/";
        return Directory.Exists(folder)
            ? $"'{shown}' does not exist (looked in {PrintableText.Of(folder)}).{Suggestion.For(Path.GetFileName(_path), Siblings(folder))}"
            : $"'{shown}' does not exist: there is no folder {PrintableText.Of(folder)}.";
    }

    /// <summary>True for a path that is a folder, or lies below it.</summary>
    private static bool IsInside(string path, string folder) =>
        path == folder || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + "/", StringComparison.Ordinal);

    private static IEnumerable<string> Siblings(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Take(MostSiblings).Select(path => Path.GetFileName(path));
}
