using SegBatch.Annotation;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Gpu;
using SegBatch.Inference;
using SegBatch.Letterboxing;
using SegBatch.Motion;
using SegBatch.Output;
using SegBatch.Tracking;

namespace SegBatch.Pipeline;

/// <summary>What one run of a video's graph did.</summary>
/// <param name="Frames">Frames that reached the writers.</param>
/// <param name="Stages">What each stage did and waited for, in the order of the graph.</param>
public sealed record PipelineReport(long Frames, IReadOnlyList<StageReport> Stages);

/// <summary>Everything that happens to the frames of one video, from the file to the writers. The model is shared; the rest is this video's own.</summary>
public sealed class VideoPipeline(ISegmentationModel model, IDetectionHead head, PipelineOptions options)
{
    /// <summary>Frames that a stage behind the network may hold: the pool bounds them anyway.</summary>
    internal const int ShortWorkRoom = 4;

    /// <summary>Reads, finds, follows, draws and writes every frame. The writers are not finished: that is the caller's decision.</summary>
    /// <param name="annotator">Draws into the frames; null leaves them as they are.</param>
    /// <param name="framesDone">Told the number of written frames after each.</param>
    /// <exception cref="StageException">A stage failed; every buffer is back.</exception>
    /// <exception cref="OperationCanceledException">Stopped by the token; every buffer is back.</exception>
    public async Task<PipelineReport> RunAsync(
        IFrameReader reader,
        ITracker tracker,
        Annotator? annotator,
        IReadOnlyList<IResultWriter> writers,
        Action<long>? framesDone,
        CancellationToken cancellationToken
    )
    {
        var written = 0L;
        using var frames = new FramePool(FramesInFlight());
        using var detections = new DetectionPool();
        using var outputs = new SemaphoreSlim(Math.Max(DataflowGraph.Room(model.MaxConcurrency), options.DetectWorkers + 1));
        var feed = new TrackerFeed(tracker, new TrackPool());
        using var batcher = new FrameBatcher(
            model.Card,
            model.BatchSize,
            options.Letterbox,
            model is GpuVideo device ? device.TakeSurface : null
        );
        using var graph = new DataflowGraph(Path.GetFileName(reader.Info.Path), RangeOf, cancellationToken);

        var batched = graph.Source("decode", stopping => batcher.Batch(reader.ReadAsync(frames, stopping), stopping), Room);
        var seen = options.CameraMotion is { } camera ? graph.Stage("motion", batched, batch => Look(batch, camera)) : batched;
        var letterboxed = graph.Stage("letterbox", seen, batcher.Fill);
        var inferred = graph.Stage(
            "infer",
            letterboxed,
            batch => model.Infer(batch, graph.Stopping),
            model.MaxConcurrency,
            model.Slots,
            outputs // megabytes each: bounded from the run that fills them to the end of detection, wherever they wait
        );
        var detected = graph.Expand("detect", inferred, Decode, options.DetectWorkers, room: options.DetectWorkers);
        var refined = options.Refiner is { } refiner
            ? graph.Stage("refine", detected, frame => refiner.Refine(frame, graph.Stopping), refiner.MaxConcurrency, refiner.Slots)
            : detected;
        var tracked = graph.Stage("track", refined, feed.Track, room: ShortWorkRoom);
        var annotated = annotator is null ? tracked : graph.Stage("annotate", tracked, annotator.Paint, room: ShortWorkRoom);
        graph.Sink("write", annotated, Write, ShortWorkRoom);

        await graph.CompleteAsync();
        return new PipelineReport(written, graph.Stages);

        Task Room(CancellationToken stopping) => frames.WaitForRoomAsync(model.BatchSize, stopping);

        DetectedFrame[] Decode(RawPredictions predictions)
        {
            var found = Detect(predictions, detections, graph.Stopping);
            outputs.Release(); // where detection fails instead, the graph stops and nobody waits any more
            return found;
        }

        void Write(TrackedFrame frame)
        {
            foreach (var writer in writers)
            {
                writer.Write(frame);
            }

            written++;
            framesDone?.Invoke(written);
        }
    }

    /// <summary>One batch at a time, in order: each frame is compared with the one before.</summary>
    private static TensorBatch Look(TensorBatch batch, CameraMotionEstimator camera)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var frame = batch.Frame(i);
            frame.CameraMotion = camera.Next(frame);
            frame.ReleaseBlocks();
        }

        return batch;
    }

    private DetectedFrame[] Detect(RawPredictions predictions, DetectionPool pool, CancellationToken stopping)
    {
        using (predictions)
        {
            var found = new DetectedFrame[predictions.Count];
            for (var i = 0; i < found.Length; i++)
            {
                var detections = pool.Rent();
                head.Decode(predictions.Outputs, i, predictions.Letterbox(i), detections);
                options.Appearance?.Describe(predictions.Frame(i), detections, options.AppearanceFrom, stopping);
                found[i] = new DetectedFrame(predictions.TakeFrame(i), detections);
            }

            return found;
        }
    }

    /// <summary>Batches in every place where one can wait, and one in each worker's hands.</summary>
    private int FramesInFlight()
    {
        var batches = model.MaxConcurrency + (options.CameraMotion is null ? 4 : 5);
        var beyond = options.DetectWorkers + 2 + (2 * options.Refiner?.MaxConcurrency ?? 0);
        return Math.Max(2 * model.BatchSize, options.FramesInFlight ?? model.BatchSize * batches + beyond);
    }

    private static FrameRange RangeOf(object message) =>
        message switch
        {
            TensorBatch batch => new(batch.Frame(0).Index, batch.Frame(batch.Count - 1).Index),
            RawPredictions predictions => new(predictions.Frame(0).Index, predictions.Frame(predictions.Count - 1).Index),
            DetectedFrame frame => new(frame.Frame.Index, frame.Frame.Index),
            TrackedFrame frame => new(frame.Frame.Index, frame.Frame.Index),
            _ => throw new ArgumentException($"No frames in a {message.GetType().Name}.", nameof(message)),
        };
}
