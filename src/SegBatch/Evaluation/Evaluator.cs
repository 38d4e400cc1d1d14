namespace SegBatch.Evaluation;

/// <summary>Evaluates a run against the truth. Masks live for a block of frames only; what stays is how far objects overlap.</summary>
public sealed class Evaluator
{
    private const int FramesAtOnce = 1024;

    private readonly RunTables _run;
    private readonly EvaluationOptions _options;
    private readonly CancellationToken _stopping;
    private long _foundsOfOtherClasses;
    private bool _hasMasks;
    private bool _hasTracks;

    private Evaluator(RunTables run, EvaluationOptions options, CancellationToken stopping) =>
        (_run, _options, _stopping) = (run, options, stopping);

    /// <exception cref="EvaluationException">Nothing can be compared, or a mask is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static EvaluationReport Of(ITruth truth, RunTables run, EvaluationOptions options, CancellationToken stopping) =>
        new Evaluator(run, options, stopping).Evaluate(truth);

    private EvaluationReport Evaluate(ITruth truth)
    {
        var (videos, leftOut) = Choose(truth.Videos);
        var loaded = truth.ClassNames is null ? videos.ToDictionary(video => video, truth.Load) : null;
        var seen = loaded?.Values.SelectMany(video => video.Frames.Values).SelectMany(frame => frame).Select(item => item.ClassId) ?? [];
        var mapping = new ClassMapping(
            truth.ClassNames,
            _run.ClassNames,
            seen.Where(id => id != EvaluationObject.AnyClass),
            _options.Agnostic
        );
        int[] classes = [.. mapping.Names.Keys];
        var frames = new List<EvaluatedFrame>();
        var scores = new TrackingScore[videos.Count][];
        for (var i = 0; i < videos.Count; i++)
        {
            var ofVideo = Frames(loaded?[videos[i]] ?? truth.Load(videos[i]), videos[i], mapping, truth.ListsItsFrames);
            scores[i] = Tracks(ofVideo, classes);
            frames.AddRange(ofVideo);
        }

        OverlapKind[] kinds =
            !_hasMasks ? [OverlapKind.Box]
            : _options.Boundary ? [OverlapKind.Mask, OverlapKind.Boundary, OverlapKind.Box]
            : [OverlapKind.Mask, OverlapKind.Box];
        return new EvaluationReport(
            videos,
            leftOut,
            frames.Count,
            frames.Sum(frame => frame.Truths.LongCount(item => !item.IsCrowd && !item.IsIgnored)),
            frames.Sum(frame => (long)frame.Founds.Length),
            _foundsOfOtherClasses,
            mapping.Names,
            [.. kinds.Select(kind => AveragePrecision.Of(frames, kind, classes))],
            _hasTracks && frames.Any(frame => frame.Founds.Any(item => item.TrackId is not null)) ? Tracking(videos, classes, scores) : null
        );
    }

    private (IReadOnlyList<string> Videos, IReadOnlyList<string> LeftOut) Choose(IReadOnlyList<string> known)
    {
        if (_options.Video is { } only)
        {
            return known.Contains(only) && _run.Videos.Contains(only)
                ? ([only], [])
                : throw new EvaluationException(
                    $"There is no video '{only}' in {(known.Contains(only) ? "the run" : "the truth")}. Truth: {Listed(known)}. Run: {Listed(_run.Videos)}."
                );
        }

        var both = known.Where(_run.Videos.Contains).ToList();
        var missing = known.Except(both).ToList();
        return both.Count == 0
                ? throw new EvaluationException($"Truth and run share no video. Truth: {Listed(known)}. Run: {Listed(_run.Videos)}.")
            : missing.Count > 0 && !_options.CommonVideos
                ? throw new EvaluationException(
                    $"The run lacks {missing.Count} of the truth's videos: {Listed(missing)}. --common-videos evaluates the others."
                )
            : (both, missing);
    }

    private List<EvaluatedFrame> Frames(StoredVideo truth, string video, ClassMapping mapping, bool listsItsFrames)
    {
        var isListed = listsItsFrames || _options.AnnotatedFrames;
        long[] wanted = [.. (isListed ? truth.Frames.Keys : truth.Frames.Keys.Union(_run.Frames(video))).Order()];
        var frames = new List<EvaluatedFrame>(wanted.Length);
        using var rows = _run.Instances(video).GetEnumerator();
        var isMore = rows.MoveNext();
        foreach (var block in wanted.Chunk(FramesAtOnce))
        {
            _stopping.ThrowIfCancellationRequested();
            var founds = Array.ConvertAll(block, _ => new List<StoredObject>());
            for (; isMore && rows.Current.Frame <= block[^1]; isMore = rows.MoveNext())
            {
                var index = Array.BinarySearch(block, rows.Current.Frame);
                if (index >= 0 && mapping.OfRun(rows.Current.Object.ClassId) is not null)
                {
                    founds[index].Add(rows.Current.Object);
                }
                else
                {
                    _foundsOfOtherClasses += index >= 0 ? 1 : 0;
                }
            }

            var evaluated = new EvaluatedFrame[block.Length];
            var truths = Array.ConvertAll(block, frame => truth.Frames.GetValueOrDefault(frame) ?? []);
            Look(truths);
            InParallel(block.Length, index => evaluated[index] = Frame(video, block[index], truths[index], founds[index], mapping));
            frames.AddRange(evaluated);
        }

        return frames;
    }

    private void Look(IReadOnlyList<StoredObject>[] truths)
    {
        foreach (var item in truths.SelectMany(frame => frame))
        {
            _hasMasks |= item.MaskRle is not null;
            _hasTracks |= item.TrackId is not null && !item.IsCrowd;
        }
    }

    private EvaluatedFrame Frame(
        string video,
        long frame,
        IReadOnlyList<StoredObject> truths,
        IReadOnlyList<StoredObject> founds,
        ClassMapping mapping
    )
    {
        try
        {
            return EvaluatedFrame.Of(
                [
                    .. truths
                        .Where(item => mapping.OfTruth(item.ClassId) is not null)
                        .Select(item => item.Open(mapping.OfTruth(item.ClassId)!.Value)),
                ],
                [.. founds.Select(item => item.Open(mapping.OfRun(item.ClassId)!.Value))],
                _options.Boundary
            );
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new EvaluationException($"Frame {frame} of {video} cannot be compared: {error.Message}", error);
        }
    }

    private OverlapKind TrackOn => _options.TrackOn ?? (_hasMasks ? OverlapKind.Mask : OverlapKind.Box);

    private TrackingScore[] Tracks(List<EvaluatedFrame> frames, int[] classes)
    {
        var scores = new TrackingScore[classes.Length];
        InParallel(classes.Length, index => scores[index] = TrackingScore.Of(frames, TrackOn, classes[index]));
        return scores;
    }

    private TrackingReport Tracking(IReadOnlyList<string> videos, int[] classes, TrackingScore[][] scores)
    {
        var perClass = classes.Select((id, c) => new ClassTracking(id, Sum(scores.Select(video => video[c])))).ToList();
        var perVideo = videos.Select((video, v) => new VideoTracking(video, Sum(scores[v]))).ToList();
        var average = TrackingScore.ClassAverage([.. perClass.Select(item => item.Score)]);
        return new TrackingReport(TrackOn, Sum(perClass.Select(item => item.Score)), average, perClass, perVideo);
    }

    /// <summary>What is wrong with the data is told as it was found, not as one of several errors.</summary>
    private static void InParallel(int count, Action<int> body)
    {
        try
        {
            Parallel.For(0, count, body);
        }
        catch (AggregateException error) when (error.InnerExceptions[0] is EvaluationException first)
        {
            throw new EvaluationException(first.Message, error);
        }
    }

    private static TrackingScore Sum(IEnumerable<TrackingScore> scores) => scores.Aggregate((a, b) => a + b);

    private static string Listed(IReadOnlyList<string> names) =>
        names.Count == 0 ? "none"
        : names.Count > 12 ? string.Join(", ", names.Take(12)) + ", …"
        : string.Join(", ", names);
}
