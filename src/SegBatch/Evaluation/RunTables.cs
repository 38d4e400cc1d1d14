using System.Globalization;
using SegBatch.Output;

namespace SegBatch.Evaluation;

/// <summary>What a run found and which frames it saw.</summary>
public sealed class RunTables : IDisposable
{
    private readonly TableQuery _frames;
    private readonly TableObjects? _objects;

    private RunTables(TableQuery frames, TableObjects? objects)
    {
        (_frames, _objects) = (frames, objects);
        Videos = Texts("SELECT DISTINCT video FROM frames ORDER BY video");
        ClassNames = objects?.ClassNames() ?? new Dictionary<int, string>();
    }

    public IReadOnlyList<string> Videos { get; }

    /// <summary>Of classes that were found at least once.</summary>
    public IReadOnlyDictionary<int, string> ClassNames { get; }

    /// <param name="outputFolder">What `segbatch run` wrote.</param>
    /// <exception cref="QueryException">The tables cannot be read.</exception>
    public static RunTables Open(string outputFolder)
    {
        var frames = TableQuery.Open(outputFolder);
        try
        {
            return new RunTables(frames, TableQuery.HasTable(outputFolder, "instances") ? TableObjects.Open(outputFolder) : null);
        }
        catch
        {
            frames.Dispose();
            throw;
        }
    }

    /// <summary>All frames of a video, in order.</summary>
    public IReadOnlyList<long> Frames(string video) =>
        [
            .. Texts($"SELECT frame FROM frames WHERE video = {TableObjects.Literal(video)} ORDER BY frame")
                .Select(frame => long.Parse(frame, CultureInfo.InvariantCulture)),
        ];

    /// <summary>Video and frame by file name, of sources that are folders of pictures.</summary>
    public IReadOnlyDictionary<string, (string Video, long Frame)> Pictures()
    {
        var pictures = new Dictionary<string, (string, long)>();
        using var rows = _frames.Run("SELECT file, video, frame FROM frames WHERE file IS NOT NULL ORDER BY video, frame");
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Count; row++)
            {
                pictures[rows.Text(0, row)!] = (rows.Text(1, row)!, rows.Whole(2, row));
            }
        }

        return pictures;
    }

    /// <summary>The instances of a video by frame, then in the order of detection.</summary>
    public IEnumerable<(long Frame, StoredObject Object)> Instances(string video) => _objects?.Rows(video) ?? [];

    public void Dispose()
    {
        _objects?.Dispose();
        _frames.Dispose();
    }

    private List<string> Texts(string sql)
    {
        var texts = new List<string>();
        using var rows = _frames.Run(sql);
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Count; row++)
            {
                texts.Add(rows.Text(0, row)!);
            }
        }

        return texts;
    }
}
