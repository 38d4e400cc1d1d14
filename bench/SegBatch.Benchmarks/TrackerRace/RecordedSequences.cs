using SegBatch.Detection;
using SegBatch.Evaluation;
using SegBatch.Geometry;

namespace SegBatch.Benchmarks.TrackerRace;

/// <summary>Sequences whose detections are there already: tables of a run, and MOTS text files.</summary>
internal static class RecordedSequences
{
    private const double FrameRate = 25;

    /// <summary>Objects of the demo archive of which less is seen are neither asked for nor held against a tracker.</summary>
    private const double LeastVisible = 0.1;

    /// <summary>The videos of a run that kept all its detections, with the truth of its archive.</summary>
    /// <param name="run">Output folder; run with a low `conf` and without tracker.</param>
    /// <param name="truth">Folder of the truth.</param>
    public static IEnumerable<Sequence> OfRun(string run, string truth)
    {
        using var tables = RunTables.Open(run);
        var truths = TruthFile.Read(truth, tables, null, LeastVisible, null);
        foreach (var video in tables.Videos)
        {
            var annotated = truths.Load(video).Frames;
            var found = tables
                .Instances(video)
                .GroupBy(row => row.Frame, row => row.Object)
                .ToDictionary(group => group.Key, group => group.ToList());
            var frames = tables
                .Frames(video)
                .Select(frame => Frame(annotated.GetValueOrDefault(frame), found.GetValueOrDefault(frame)))
                .ToList();
            yield return new Sequence("demo archive", video, default, FrameRate, frames);
        }
    }

    /// <summary>Pairs of files NAME_gt.txt and NAME_tracker.txt; the tracker's objects are taken as detections, its ids are not.</summary>
    public static IEnumerable<Sequence> OfMots(string folder)
    {
        foreach (var path in Directory.GetFiles(folder, "mots_*_gt.txt").Order(StringComparer.Ordinal))
        {
            var truth = MotTruthReader.Read(path, "truth").Load("truth").Frames;
            var found = MotTruthReader
                .Read(path.Replace("_gt.txt", "_tracker.txt", StringComparison.Ordinal), "found")
                .Load("found")
                .Frames;
            var last = truth.Keys.Concat(found.Keys).Max();
            var frames = Enumerable
                .Range(0, (int)last + 1)
                .Select(frame => Frame(truth.GetValueOrDefault(frame), found.GetValueOrDefault(frame)))
                .ToList();
            yield return new Sequence("MOTS files", Path.GetFileName(path), default, FrameRate, frames);
        }
    }

    private static SequenceFrame Frame(IReadOnlyList<StoredObject>? truths, IReadOnlyList<StoredObject>? founds) =>
        new(
            [.. (truths ?? []).Select(item => item.Open(item.IsCrowd ? EvaluationObject.AnyClass : 0))],
            [.. (founds ?? []).Select(Detection).OrderByDescending(item => item.Score)]
        );

    private static DetectedObject Detection(StoredObject item)
    {
        var open = item.Open(item.ClassId);
        var box = new Box((float)open.Box.X1, (float)open.Box.Y1, (float)open.Box.X2, (float)open.Box.Y2);
        return new DetectedObject(box, (float)item.Score, item.ClassId, open.Mask!.Value);
    }
}
