using System.Globalization;
using SegBatch.Geometry;
using SegBatch.Output;

namespace SegBatch.Evaluation;

/// <summary>A row of a run's `instances`, as far as it is compared.</summary>
/// <param name="TrackId">Null without a track.</param>
/// <param name="TrackBox">The tracker's estimate; null without a track.</param>
public sealed record RunInstance(
    int ClassId,
    string ClassName,
    double Score,
    BoxCorners Box,
    long? TrackId,
    BoxCorners? TrackBox,
    string MaskRle,
    FrameSize MaskSize
);

/// <summary>The frames of one video of a run with their detected instances, best score first.</summary>
public sealed record RunInstances(string Video, IReadOnlyDictionary<long, IReadOnlyList<RunInstance>> Frames)
{
    private const string Columns =
        "i.class_id, i.class_name, i.score, i.x1, i.y1, i.x2, i.y2, i.track_id, i.track_x1, i.track_y1, i.track_x2, i.track_y2, "
        + "i.mask_rle, i.mask_width, i.mask_height";

    /// <param name="outputFolder">What a run wrote.</param>
    /// <param name="video">Key of the video; null for the only one, or the one named as the clip.</param>
    /// <param name="clip">File name of the clip.</param>
    /// <exception cref="QueryException">The tables cannot be read.</exception>
    /// <exception cref="RecordingException">The video is not in the run, or it is not clear which one is meant.</exception>
    public static RunInstances Read(string outputFolder, string? video, string clip)
    {
        using var query = TableQuery.Open(outputFolder);
        var key = Choose(Videos(query), video, clip, outputFolder);
        var name = key.Replace("'", "''", StringComparison.Ordinal);
        using var rows = query.Run(
            TableQuery.HasTable(outputFolder, "instances")
                ? $"""
                SELECT f.frame, {Columns}
                FROM (SELECT frame FROM frames WHERE video = '{name}') f
                LEFT JOIN (SELECT * FROM instances WHERE video = '{name}' AND source = 'detected') i ON i.frame = f.frame
                ORDER BY f.frame, i.instance
                """
                : $"SELECT frame, NULL FROM frames WHERE video = '{name}' ORDER BY frame"
        );
        var frames = new Dictionary<long, IReadOnlyList<RunInstance>>();
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Count; row++)
            {
                var frame = long.Parse(rows.Text(0, row)!, CultureInfo.InvariantCulture);
                if (!frames.TryGetValue(frame, out var known))
                {
                    frames[frame] = known = new List<RunInstance>();
                }

                if (!rows.IsNull(1, row))
                {
                    ((List<RunInstance>)known).Add(Instance(rows, row));
                }
            }
        }

        return new RunInstances(key, frames);
    }

    /// <summary>Name of a class; its number where the run found none of it.</summary>
    public string ClassName(int classId) =>
        Frames.Values.SelectMany(frame => frame).FirstOrDefault(item => item.ClassId == classId)?.ClassName ?? $"class {classId}";

    private static RunInstance Instance(QueryRows rows, int row)
    {
        var hasTrack = !rows.IsNull(8, row) && !rows.IsNull(9, row);
        return new RunInstance(
            (int)Real(1),
            rows.Text(2, row)!,
            Real(3),
            Corners(4),
            hasTrack ? (long)Real(8) : null,
            hasTrack ? Corners(9) : null,
            rows.Text(13, row)!,
            new FrameSize((int)Real(14), (int)Real(15))
        );

        BoxCorners Corners(int column) => new(Real(column), Real(column + 1), Real(column + 2), Real(column + 3));

        double Real(int column) => double.Parse(rows.Text(column, row)!, CultureInfo.InvariantCulture);
    }

    private static List<string> Videos(TableQuery query)
    {
        var videos = new List<string>();
        using var rows = query.Run("SELECT DISTINCT video FROM frames ORDER BY video");
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.Count; row++)
            {
                videos.Add(rows.Text(0, row)!);
            }
        }

        return videos;
    }

    private static string Choose(List<string> videos, string? video, string clip, string folder)
    {
        var listed = videos.Count > 12 ? string.Join(", ", videos.Take(12)) + ", …" : string.Join(", ", videos);
        if (video is not null)
        {
            return videos.Contains(video)
                ? video
                : throw new RecordingException($"There is no video '{video}' in {folder}. It holds: {listed}.");
        }

        var named = Path.GetFileNameWithoutExtension(clip);
        return videos is [var only] ? only
            : videos.Contains(named) ? named
            : throw new RecordingException(
                $"{folder} holds {videos.Count} videos and none is named '{named}': say which one with --video. It holds: {listed}."
            );
    }
}
