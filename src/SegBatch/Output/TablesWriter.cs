using SegBatch.Tables;
using SegBatch.Tracking;

namespace SegBatch.Output;

/// <summary>What the tables of one video hold.</summary>
/// <param name="Classes">Per class name: rows in `instances`, and tracks by their majority class.</param>
public sealed record TableTotals(
    long Frames,
    long Instances,
    long Tracks,
    long CorruptFrames,
    IReadOnlyDictionary<string, (long Instances, long Tracks)> Classes
)
{
    /// <summary>
    /// Per class name of a semantic network: frames with the class, and its part of the picture summed over them. Empty for other networks.
    /// </summary>
    public IReadOnlyDictionary<string, (long Frames, double Shares)> Regions { get; init; } =
        new Dictionary<string, (long Frames, double Shares)>();
}

/// <summary>Writes the tables frames, instances, tracks and candidates of one video, and regions where the network gives them.</summary>
public sealed class TablesWriter : IResultWriter
{
    private readonly string _videoKey;
    private readonly string _stagingFolder;
    private readonly IReadOnlyDictionary<string, string> _metadata;
    private readonly RowMapper _mapper;
    private readonly TrackSummary _tracks;
    private readonly ParquetTableWriter<FrameRow> _frames;
    private readonly ParquetTableWriter<InstanceRow> _instances;
    private readonly ParquetTableWriter<InstanceRow>? _candidates;
    private readonly ParquetTableWriter<RegionRow>? _regions;
    private readonly SortedDictionary<string, (long Frames, double Shares)> _covered = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (long Instances, long Tracks)> _classes = new(StringComparer.Ordinal);
    private readonly List<StagedFile> _staged = [];
    private long _corruptFrames;
    private bool _finished;

    /// <param name="stagingFolder">Exists; receives one file per table.</param>
    /// <param name="videoKey">Value of the column `video`, and the files' final name.</param>
    /// <param name="context">Threshold, names and metadata.</param>
    public TablesWriter(string stagingFolder, string videoKey, TableContext context)
    {
        _stagingFolder = stagingFolder;
        _videoKey = videoKey;
        _metadata = new Dictionary<string, string>
        {
            ["segbatch.schema_version"] = Schema.Version,
            ["segbatch.video"] = videoKey,
            ["segbatch.video_path"] = context.VideoPath,
            ["segbatch.model_sha256"] = context.ModelSha256,
            ["segbatch.options"] = context.OptionsJson,
        };
        _mapper = new RowMapper(videoKey, context);
        _tracks = new TrackSummary(videoKey, context.ClassName);
        _frames = Open(Schema.Frames);
        _instances = Open(Schema.Instances);
        _candidates = context.WriteCandidates ? Open(Schema.Candidates) : null;
        _regions = context.WriteRegions ? Open(Schema.Regions) : null;
    }

    /// <summary>Counts of what was written; tracks only after <see cref="Finish"/>.</summary>
    public TableTotals Totals => new(_frames.Count, _instances.Count, _tracks.Count, _corruptFrames, _classes) { Regions = _covered };

    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(TrackedFrame frame)
    {
        _mapper.Map(frame);
        _frames.Write(_mapper.Frame);
        _corruptFrames += _mapper.Frame.Corrupt ? 1 : 0;
        foreach (ref readonly var row in _mapper.Instances)
        {
            _instances.Write(in row);
            Count(row.ClassName, instances: 1, tracks: 0);
        }

        foreach (ref readonly var row in _mapper.Candidates)
        {
            _candidates!.Write(in row);
        }

        foreach (ref readonly var row in _mapper.Regions)
        {
            _regions!.Write(in row);
            var (frames, shares) = _covered.GetValueOrDefault(row.ClassName);
            _covered[row.ClassName] = (frames + 1, shares + row.Share);
        }

        _tracks.Add(_mapper.Instances);
    }

    /// <exception cref="IOException">A file cannot be written.</exception>
    public IReadOnlyList<StagedFile> Finish()
    {
        _frames.Finish();
        _instances.Finish();
        _candidates?.Finish();
        _regions?.Finish();
        using (var tracks = Open(Schema.Tracks))
        {
            foreach (var row in _tracks.Rows())
            {
                tracks.Write(in row);
                Count(row.ClassName, instances: 0, tracks: 1);
            }

            tracks.Finish();
        }

        _finished = true;
        return _staged;
    }

    public void Dispose()
    {
        _frames.Dispose();
        _instances.Dispose();
        _candidates?.Dispose();
        _regions?.Dispose();
        if (!_finished)
        {
            foreach (var file in _staged.Where(file => File.Exists(file.StagedPath)))
            {
                File.Delete(file.StagedPath);
            }
        }
    }

    private ParquetTableWriter<TRow> Open<TRow>(Table<TRow> table)
    {
        var path = Path.Combine(_stagingFolder, $"{table.Name}.parquet");
        _staged.Add(new StagedFile(path, $"{OutputLayout.Folder(table.Name)}/{_videoKey}.parquet"));
        return new ParquetTableWriter<TRow>(table, path, _metadata);
    }

    private void Count(string className, long instances, long tracks)
    {
        var count = _classes.GetValueOrDefault(className);
        _classes[className] = (count.Instances + instances, count.Tracks + tracks);
    }
}
