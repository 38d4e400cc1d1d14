using SegBatch.Jobs;
using SegBatch.Output;
using SegBatch.Stitching;
using SegBatch.Tables;
using SegBatch.Tracking;

namespace SegBatch.Retracking;

/// <summary>Tracks one video again: reads its tables, runs the tracker, writes new tables, commits them in place of the old.</summary>
internal sealed class VideoRetrack(RetrackedVideo video, OutputFolder output)
{
    /// <returns>The new commit record.</returns>
    /// <exception cref="InvalidDataException">The old tables cannot be read; they stay as they are.</exception>
    /// <exception cref="FormatException">A mask in them is damaged; they stay as they are.</exception>
    /// <exception cref="IOException">The new tables cannot be written; the old ones stay as they are.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the old tables stay as they are.</exception>
    public VideoRecord Run(Action<long>? framesDone, CancellationToken stopping)
    {
        var (before, kept, tracking, offline, _) = video;
        var low = SoughtDetections.LowestScore(video.Conf, tracking);
        var files = VideoTableFiles.Of(output.Root, before.Key);
        var tracker = new TableTracker(
            Trackers.Create(tracking, kept.FramesPerSecond),
            video.Conf,
            low > kept.From ? low : null,
            TrackerNeeds.Of(tracking)
        );

        var staging = output.Stage(before.Key);
        using var writer = new VideoTables(staging, before.Key, Context(files));
        using (var reader = new VideoTablesReader(files))
        {
            new TablesRewriter(reader, writer).Run(tracker.Track, framesDone, stopping);
        }

        var staged = writer.Finish();
        var report = OfflineTables.ApplyTo(staging, before.Key, Context(files), tracking, low, offline, stopping);
        var record = Record(staged, report?.Totals ?? writer.Totals) with
        {
            Notes = OfflineReport.Notes(before.Notes, report, before.HasAnnotation),
        };
        output.Commit(record, staged);
        return record;
    }

    private TableContext Context(VideoTableFiles files) =>
        new()
        {
            Conf = video.Conf,
            ClassNames = [],
            VideoPath = video.Before.Path,
            ModelSha256 = (string)video.Settings["model_sha256"]!,
            OptionsJson = video.Settings.ToJsonString(RecordJson.Compact),
            // What was kept once stays, also below what this tracker looks at: the next one may look there.
            WriteCandidates = files.Candidates is not null || video.Tracking.Tracker != "none",
        };

    private VideoRecord Record(IReadOnlyList<StagedFile> staged, TableTotals totals)
    {
        var before = video.Before;
        var tables = staged.Select(file => file.RelativePath).ToList();
        return before.TrackedAgain(video.Settings) with
        {
            Frames = totals.Frames,
            Files = [.. tables, .. before.Files.Except(tables)],
            Instances = totals.Instances,
            Tracks = totals.Tracks,
            Classes = totals.Classes.ToDictionary(pair => pair.Key, pair => new ClassCount(pair.Value.Instances, pair.Value.Tracks)),
        };
    }
}
