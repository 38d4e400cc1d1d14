using System.Diagnostics;
using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Motion;
using SegBatch.Output;
using SegBatch.Pipeline;
using SegBatch.Stitching;
using SegBatch.Tables;
using SegBatch.Tracking;

namespace SegBatch.Jobs;

/// <summary>Does one video of a job: reads, runs the pipeline, writes, commits. Everything it opens, it closes.</summary>
internal sealed class VideoJob(PreparedSource video, RunningJob job)
{
    private readonly FoundSource _source = video.Source;
    private readonly SourceOptions _options = video.Source.Options;
    private readonly float _lowest = SoughtDetections.LowestScore(video.Source.Options.Detection.Conf, video.Source.Options.Tracking);

    /// <exception cref="DecodingException">The source cannot be read, or changed meanwhile.</exception>
    /// <exception cref="StageException">A stage failed.</exception>
    /// <exception cref="OperationCanceledException">Stopped; nothing of the video is left.</exception>
    public async Task<VideoOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var identity = SourceIdentity.Of(_source.Path);
        using var reader = FrameReader.Open(_source.Path, Decoding());
        job.Progress.Report(new JobEvent.VideoStarted(_source.Key, _source.Path, FrameEstimate.Of(reader.Info, _options.Decoding)));

        var staging = job.Output.Stage(_source.Key);
        using var stages = new VideoStages(video, job);
        var context = Context(stages);
        using var tables = new TablesWriter(staging, _source.Key, context);
        using var annotated = _options.Encoding.Video ? AnnotatedWriter(reader.Info, staging) : null;
        using var annotator = annotated is null
            ? null
            : new Annotator(_options.Annotation, stages.ClassNames, _options.Detection.Conf, job.Log);
        IReadOnlyList<IResultWriter> writers = annotated is null ? [tables] : [tables, annotated];
        var rate = reader.Info.FrameRate is { IsValid: true, Numerator: > 0 } known
            ? known.ToDouble() / _options.Decoding.Stride
            : (double?)null;
        var report = await stages
            .Pipeline(reader.Info, annotated is not null)
            .RunAsync(
                reader,
                Trackers.Create(_options.Tracking, rate),
                annotator,
                writers,
                ThrottledProgress.Of(_source.Key, job.Progress),
                cancellationToken
            );

        var files = writers.SelectMany(writer => writer.Finish()).ToList();
        if (SourceIdentity.Of(_source.Path) != identity)
        {
            throw new DecodingException("CHANGED_WHILE_READ", $"{_source.Path} changed while it was read. Run again when it is complete.");
        }

        var offline = OfflineTables.ApplyTo(staging, _source.Key, context, _options.Tracking, _lowest, _options.Offline, cancellationToken);
        var totals = offline is null ? tables.Totals : offline.Totals with { Regions = tables.Totals.Regions };
        var notes = OfflineReport.Notes(VideoNotes.Of(reader, stages, annotated), offline, annotated is not null);
        var record = Record(identity, files, totals, notes, rate);
        job.Output.Commit(record, files);
        return new VideoOutcome(
            record,
            report,
            reader.Acceleration,
            reader.HardwareFallbacks,
            Stopwatch.GetElapsedTime(started).TotalSeconds
        );
    }

    /// <summary>Where the network runs on a CUDA device, surfaces that CUDA decodes stay there.</summary>
    private DecodingOptions Decoding() =>
        _options.Decoding with
        {
            MotionVectors = _options.Tracking.CameraMotion == CameraMotionMethod.MotionVectors,
            KeepSurfaces = job.Gpu is not null && job.Model.Device is { IsGpu: true, Index: 0 },
        };

    private TableContext Context(VideoStages stages) =>
        new()
        {
            Conf = _options.Detection.Conf,
            ClassNames = stages.ClassNames,
            VideoPath = _source.Path,
            ModelSha256 = job.Model.Card.File.Sha256,
            OptionsJson = video.Settings.ToJsonString(RecordJson.Compact),
            WriteRegions = stages.Head is ClassMaps,
            WriteCandidates = job.Job.Run.Candidates && _options.Tracking.Tracker != "none",
        };

    private IResultWriter AnnotatedWriter(VideoInfo info, string staging)
    {
        if (info.IsImage)
        {
            return new AnnotatedPictureWriter(Path.Combine(staging, "pictures"), _source.Key);
        }

        var name = $"{_source.Key}.{_options.Encoding.Container}";
        var isClip = _options.Decoding.Start is not null || _options.Decoding.End is not null;
        return new AnnotatedVideoWriter(info, _options.Encoding, Path.Combine(staging, name), $"videos/{name}", isClip);
    }

    private VideoRecord Record(SourceIdentity identity, List<StagedFile> files, TableTotals totals, List<string> notes, double? rate) =>
        new()
        {
            Key = _source.Key,
            Path = _source.Path,
            Source = identity,
            Settings = video.Settings,
            Files = [.. files.Select(file => file.RelativePath)],
            Frames = totals.Frames,
            Instances = totals.Instances,
            Tracks = totals.Tracks,
            DamagedFrames = totals.CorruptFrames,
            Notes = notes,
            Classes = totals.Classes.ToDictionary(pair => pair.Key, pair => new ClassCount(pair.Value.Instances, pair.Value.Tracks)),
            Kept = new KeptEvidence(
                job.Job.Run.Candidates ? _lowest : _options.Detection.Conf,
                rate,
                TrackerNeeds.Of(_options.Tracking).CameraMotion
            ),
            Regions =
                totals.Regions.Count == 0
                    ? null
                    : totals.Regions.ToDictionary(
                        pair => pair.Key,
                        pair => new RegionCount(pair.Value.Frames, pair.Value.Shares / totals.Frames)
                    ),
        };
}
