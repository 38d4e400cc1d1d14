using SegBatch.Geometry;
using SegBatch.Tables;

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

/// <summary>
/// Writes the tables of one video from rows, frame by frame: frames, instances, tracks, candidates, and evidence where there is any.
/// A run and everything that makes tables anew from tables write through it, so the same rows give the same bytes.
/// </summary>
public sealed class VideoTables : IDisposable
{
    private readonly string _videoKey;
    private readonly string _stagingFolder;
    private readonly Dictionary<string, string> _metadata;
    private readonly TrackSummary _tracks;
    private readonly ParquetTableWriter<FrameRow> _frames;
    private readonly ParquetTableWriter<InstanceRow> _instances;
    private readonly ParquetTableWriter<InstanceRow>? _candidates;
    private readonly SortedDictionary<string, (long Instances, long Tracks)> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _names = [];
    private readonly List<StagedFile> _staged = [];
    private ParquetTableWriter<EvidenceRow>? _evidence;
    private long _corruptFrames;
    private bool _finished;

    /// <param name="stagingFolder">Exists; receives one file per table, named <see cref="FileName"/>.</param>
    /// <param name="videoKey">Value of the column `video`, and the files' final name.</param>
    /// <param name="context">Metadata, and whether candidates are wanted.</param>
    public VideoTables(string stagingFolder, string videoKey, TableContext context)
    {
        _stagingFolder = stagingFolder;
        _videoKey = videoKey;
        _metadata = Metadata(videoKey, context);
        _tracks = new TrackSummary(videoKey, id => _names[id]);
        _frames = Open(Schema.Frames);
        _instances = Open(Schema.Instances);
        _candidates = context.WriteCandidates ? Open(Schema.Candidates) : null;
    }

    /// <summary>Counts of what was written; tracks only after <see cref="Finish"/>.</summary>
    public TableTotals Totals => new(_frames.Count, _instances.Count, _tracks.Count, _corruptFrames, _classes);

    /// <summary>Names of the classes written so far, by number; the number itself where none was.</summary>
    public IReadOnlyList<string> ClassNames =>
        [.. Enumerable.Range(0, _names.Count == 0 ? 0 : _names.Keys.Max() + 1).Select(id => _names.GetValueOrDefault(id, $"{id}"))];

    /// <summary>What every file of a video says of itself.</summary>
    internal static Dictionary<string, string> Metadata(string videoKey, TableContext context) =>
        new()
        {
            ["segbatch.schema_version"] = Schema.Version,
            ["segbatch.video"] = videoKey,
            ["segbatch.video_path"] = context.VideoPath,
            ["segbatch.model_sha256"] = context.ModelSha256,
            ["segbatch.options"] = context.OptionsJson,
        };

    /// <summary>Name of a table's file while it is staged.</summary>
    public static string FileName(string table) => $"{table}.parquet";

    /// <summary>Writes one frame; frames come in order, their rows by <see cref="InstanceRow.Instance"/>.</summary>
    /// <param name="candidates">Dropped where none are wanted.</param>
    /// <param name="cameraMotion">Null where nobody looked.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(
        in FrameRow frame,
        ReadOnlySpan<InstanceRow> instances,
        ReadOnlySpan<InstanceRow> candidates,
        AffineMotion? cameraMotion = null
    )
    {
        _frames.Write(in frame);
        _corruptFrames += frame.Corrupt ? 1 : 0;
        foreach (ref readonly var row in instances)
        {
            _instances.Write(in row);
            _names.TryAdd(row.ClassId, row.ClassName);
            Count(row.ClassName, instances: 1, tracks: 0);
        }

        if (_candidates is not null)
        {
            foreach (ref readonly var row in candidates)
            {
                _candidates.Write(in row);
            }
        }

        if (cameraMotion is { } motion)
        {
            _evidence ??= Open(Schema.Evidence);
            _evidence.Write(new EvidenceRow(_videoKey, frame.Frame, motion));
        }

        _tracks.Add(instances);
    }

    /// <summary>Completes the files: where they are staged, and their final place relative to the output folder.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public IReadOnlyList<StagedFile> Finish()
    {
        _frames.Finish();
        _instances.Finish();
        _candidates?.Finish();
        _evidence?.Finish();
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
        _evidence?.Dispose();
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
        var path = Path.Combine(_stagingFolder, FileName(table.Name));
        _staged.Add(new StagedFile(path, OutputLayout.File(table.Name, _videoKey)));
        return new ParquetTableWriter<TRow>(table, path, _metadata);
    }

    private void Count(string className, long instances, long tracks)
    {
        var count = _classes.GetValueOrDefault(className);
        _classes[className] = (count.Instances + instances, count.Tracks + tracks);
    }
}
