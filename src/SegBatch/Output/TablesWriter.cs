using SegBatch.Tables;
using SegBatch.Tracking;

namespace SegBatch.Output;

/// <summary>Writes the tables of one video from its tracked frames, and regions where the network gives them.</summary>
/// <param name="stagingFolder">Exists; receives one file per table.</param>
/// <param name="videoKey">Value of the column `video`, and the files' final name.</param>
/// <param name="context">Threshold, names and metadata.</param>
public sealed class TablesWriter(string stagingFolder, string videoKey, TableContext context) : IResultWriter
{
    private readonly RowMapper _mapper = new(videoKey, context);
    private readonly VideoTables _tables = new(stagingFolder, videoKey, context);
    private readonly RegionsWriter? _regions = context.WriteRegions ? new RegionsWriter(stagingFolder, videoKey, context) : null;

    /// <summary>Counts of what was written; tracks only after <see cref="Finish"/>.</summary>
    public TableTotals Totals => _regions is null ? _tables.Totals : _tables.Totals with { Regions = _regions.Totals };

    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(TrackedFrame frame)
    {
        _mapper.Map(frame);
        _tables.Write(_mapper.Frame, _mapper.Instances, _mapper.Candidates, _mapper.CameraMotion);
        _regions?.Write(_mapper.Regions);
    }

    /// <exception cref="IOException">A file cannot be written.</exception>
    public IReadOnlyList<StagedFile> Finish()
    {
        var files = _tables.Finish();
        return _regions is null ? files : [.. files, _regions.Finish()];
    }

    public void Dispose()
    {
        _tables.Dispose();
        _regions?.Dispose();
    }
}
