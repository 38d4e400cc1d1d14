using SegBatch.Output;
using SegBatch.Tables;
using SegBatch.Tracking;

namespace SegBatch.Stitching;

/// <summary>
/// The offline pass over the tables of one video: they are read without masks, read for the masks beside gaps, and written anew. What is
/// kept of the whole video is 64 bytes per detection (lists may hold twice the room), and the masks on both sides of the gaps.
/// </summary>
public static class OfflineTables
{
    /// <summary>The pass where it is asked for and there are tracks; else null, and nothing was done.</summary>
    /// <inheritdoc cref="Apply"/>
    public static OfflineReport? ApplyTo(
        string stagingFolder,
        string videoKey,
        TableContext context,
        TrackingOptions tracking,
        float above,
        OfflineOptions options,
        CancellationToken stopping
    ) => options.Enabled && tracking.Tracker != "none" ? Apply(stagingFolder, videoKey, context, above, options, stopping) : null;

    /// <summary>Replaces the tables in a staging folder by what is known when all of the video has been seen.</summary>
    /// <param name="stagingFolder">Holds finished tables of one video, as <see cref="VideoTables"/> stages them.</param>
    /// <param name="videoKey">As the tables were written with.</param>
    /// <param name="context">As the tables were written with.</param>
    /// <param name="above">The tracker saw detections above this score; what was kept below it is left alone.</param>
    /// <param name="options">Lengths of gaps, and what a ghost is.</param>
    /// <param name="stopping">Leaves the tables as they are.</param>
    /// <exception cref="InvalidDataException">A table cannot be read.</exception>
    /// <exception cref="FormatException">A mask is damaged.</exception>
    /// <exception cref="IOException">A table cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static OfflineReport Apply(
        string stagingFolder,
        string videoKey,
        TableContext context,
        float above,
        OfflineOptions options,
        CancellationToken stopping
    )
    {
        var files = Files(stagingFolder);
        var video = new OfflineVideo();
        var plan = OfflinePass.Plan(video.Read(files, above, stopping), video.Times, context.Conf, options);
        var filling = new GapFilling(plan, video.ClassNames, Masks(files, plan, stopping));
        var fresh = Directory.CreateDirectory(Path.Combine(stagingFolder, "offline")).FullName;
        using var tables = new VideoTables(fresh, videoKey, context);
        using (var reader = new VideoTablesReader(files))
        {
            var position = 0;
            new TablesRewriter(reader, tables).Run(
                frame =>
                {
                    Move(frame, position, plan, context.Conf);
                    filling.AddTo(frame, position++);
                },
                framesDone: null,
                stopping
            );
        }

        foreach (var file in tables.Finish())
        {
            File.Move(file.StagedPath, Path.Combine(stagingFolder, Path.GetFileName(file.StagedPath)), overwrite: true);
        }

        Directory.Delete(fresh);
        return new OfflineReport(tables.Totals, plan.Stitched, plan.Dissolved, plan.Given, filling.Rows);
    }

    private static VideoTableFiles Files(string folder)
    {
        return new(At(Schema.Frames.Name), At(Schema.Instances.Name), Existing(Schema.Candidates.Name), Existing(Schema.Evidence.Name));

        string At(string table) => Path.Combine(folder, VideoTables.FileName(table));

        string? Existing(string table) => File.Exists(At(table)) ? At(table) : null;
    }

    /// <summary>The rows on both sides of the gaps that are to be filled, by position of their frame and number.</summary>
    private static Dictionary<(int, int), InstanceRow> Masks(VideoTableFiles files, OfflinePlan plan, CancellationToken stopping)
    {
        var wanted = plan
            .Gaps.SelectMany(gap => (Sighting[])[gap.Before, gap.After])
            .Select(sighting => (sighting.Frame, sighting.Instance))
            .ToHashSet();
        var masks = new Dictionary<(int, int), InstanceRow>();
        if (wanted.Count == 0)
        {
            return masks;
        }

        using var reader = new VideoTablesReader(files);
        var frame = new TableFrame();
        for (var position = 0; reader.Next(frame); position++)
        {
            stopping.ThrowIfCancellationRequested();
            foreach (var (row, _) in frame.Detections)
            {
                if (row.Source == InstanceRow.Detected && wanted.Contains((position, row.Instance)))
                {
                    masks[(position, row.Instance)] = row with { MaskRle = row.MaskRle.ToArray() };
                }
            }
        }

        return masks;
    }

    /// <summary>Gives every detection of a frame its new track, and puts it into the table in which it now belongs.</summary>
    private static void Move(TableFrame frame, int position, OfflinePlan plan, float conf)
    {
        frame.Detections.RemoveAll(detection => detection.Row.Source != InstanceRow.Detected);
        for (var i = 0; i < frame.Detections.Count; i++)
        {
            var row = frame.Detections[i].Row;
            var track = plan.TrackOf(position, row.Instance, row.TrackId);
            var moved = row with { TrackId = track, TrackBox = track is null ? null : row.TrackBox ?? row.Box };
            frame.Detections[i] = new TableDetection(moved, IsInstance: track is not null || row.Score >= conf);
        }
    }
}
