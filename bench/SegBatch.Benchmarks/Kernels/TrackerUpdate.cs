using BenchmarkDotNet.Attributes;
using SegBatch.Benchmarks.Baselines;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Tracking;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>One frame of ByteTrack with 50 objects, some of them weak or missing.</summary>
[MemoryDiagnoser]
public class TrackerUpdate
{
    private const int FramesCompared = 2 * MovingBoxes.Period;

    private readonly TrackInput[][] _frames = MovingBoxes.Frames();
    private readonly ByteTracker _tracker = new(new TrackingOptions(), frameRate: null);
    private readonly PlainByteTrack _plain = new();
    private readonly List<TrackedObject> _tracks = [];
    private int _frame;

    [Benchmark(Baseline = true)]
    public int Plain() => _plain.Update(Next()).Count;

    [Benchmark]
    public int ByteTrack()
    {
        _tracker.Update(new FrameEvidence(Next()), _tracks);
        return _tracks.Count;
    }

    internal static IEnumerable<Comparison> Compare()
    {
        var kernel = new TrackerUpdate();
        var (found, expected) = (new List<(int, long, int)>(), new List<(int, long, int)>());
        for (var frame = 0; frame < FramesCompared; frame++)
        {
            var detections = kernel._frames[frame % MovingBoxes.Period];
            kernel._tracker.Update(new FrameEvidence(detections), kernel._tracks);
            found.AddRange(kernel._tracks.OrderBy(track => track.TrackId).Select(track => (frame, track.TrackId, track.DetectionIndex)));
            expected.AddRange(kernel._plain.Update(detections).Select(track => (frame, track.Id, track.Detection)));
        }

        return
        [
            Comparison.Of<(int, long, int)>(
                $"tracks of {FramesCompared} frames: {found.Count} rows, {found.Select(row => row.Item2).Distinct().Count()} ids",
                found.ToArray(),
                expected.ToArray()
            ),
        ];
    }

    private TrackInput[] Next()
    {
        _frame = (_frame + 1) % MovingBoxes.Period;
        return _frames[_frame];
    }
}
