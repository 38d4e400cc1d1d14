using SegBatch.Tables;

namespace SegBatch.Output;

/// <summary>Writes the table regions of one video. Tracking again leaves that table as it is, so it has a writer of its own.</summary>
internal sealed class RegionsWriter : IDisposable
{
    private readonly ParquetTableWriter<RegionRow> _regions;
    private readonly StagedFile _staged;
    private readonly SortedDictionary<string, (long Frames, double Shares)> _totals = new(StringComparer.Ordinal);

    /// <param name="stagingFolder">Exists; receives the file.</param>
    /// <param name="videoKey">Value of the column `video`, and the file's final name.</param>
    /// <param name="context">Metadata.</param>
    public RegionsWriter(string stagingFolder, string videoKey, TableContext context)
    {
        var table = Schema.Regions;
        _staged = new StagedFile(Path.Combine(stagingFolder, VideoTables.FileName(table.Name)), OutputLayout.File(table.Name, videoKey));
        _regions = new ParquetTableWriter<RegionRow>(table, _staged.StagedPath, VideoTables.Metadata(videoKey, context));
    }

    /// <summary>See <see cref="TableTotals.Regions"/>.</summary>
    public IReadOnlyDictionary<string, (long Frames, double Shares)> Totals => _totals;

    /// <summary>Writes what each class covers of one frame; frames come in order.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(ReadOnlySpan<RegionRow> regions)
    {
        foreach (ref readonly var row in regions)
        {
            _regions.Write(in row);
            var (frames, shares) = _totals.GetValueOrDefault(row.ClassName);
            _totals[row.ClassName] = (frames + 1, shares + row.Share);
        }
    }

    /// <exception cref="IOException">The file cannot be written.</exception>
    public StagedFile Finish()
    {
        _regions.Finish();
        return _staged;
    }

    public void Dispose() => _regions.Dispose();
}
