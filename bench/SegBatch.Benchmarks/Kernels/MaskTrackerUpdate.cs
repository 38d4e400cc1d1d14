using BenchmarkDotNet.Attributes;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Masks;
using SegBatch.Tracking;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>One frame of the mask tracker with 30 objects that cover parts of each other, beside ByteTrack on the same boxes.</summary>
[MemoryDiagnoser]
public class MaskTrackerUpdate
{
    private readonly (TrackInput[] Detections, RleMask[] Masks)[] _frames = MovingMasks.Frames();
    private readonly ITracker _byBoxes = Trackers.Create(new TrackingOptions(), frameRate: null);
    private readonly ITracker _byMasks = Trackers.Create(new TrackingOptions { Tracker = "masktrack" }, frameRate: null);
    private readonly List<TrackedObject> _tracks = [];
    private int _frame;

    [Benchmark(Baseline = true)]
    public int ByteTrack()
    {
        _byBoxes.Update(new FrameEvidence(Next().Detections), _tracks);
        return _tracks.Count;
    }

    [Benchmark]
    public int MaskTrack()
    {
        var (detections, masks) = Next();
        _byMasks.Update(new FrameEvidence(detections) { Masks = masks }, _tracks);
        return _tracks.Count;
    }

    /// <summary>The overlap of a frame's masks with those of another frame, moved, beside a count of the pixels of bitmaps.</summary>
    internal static IEnumerable<Comparison> Compare()
    {
        var kernel = new MaskTrackerUpdate();
        var (own, other) = (kernel._frames[0].Masks, kernel._frames[30].Masks);
        var (found, expected) = (new List<long>(), new List<long>());
        var (shape, laidOver) = (new MaskShape(), new MaskShape());
        var (bitmap, bitmapOver) = (new byte[SyntheticFrame.Size.Area], new byte[SyntheticFrame.Size.Area]);
        foreach (var ((dx, dy), index) in new[] { (0, 0), (37, -12), (-400, 3), (-8, 500) }.Select((shift, index) => (shift, 5 * index)))
        {
            shape.Take(own[index]);
            laidOver.Take(other[index + 1]);
            found.Add(shape.Intersection(dx, dy, laidOver));
            own[index].ToBitmap(bitmap);
            other[index + 1].ToBitmap(bitmapOver);
            expected.Add(Pixelwise(bitmap, dx, dy, bitmapOver));
        }

        yield return Comparison.Of<long>($"overlap of moved masks: {string.Join(", ", found)} pixels", found.ToArray(), expected.ToArray());
    }

    private static long Pixelwise(byte[] moved, int dx, int dy, byte[] over)
    {
        var (width, height) = (SyntheticFrame.Size.Width, SyntheticFrame.Size.Height);
        var shared = 0L;
        for (var y = Math.Max(0, dy); y < Math.Min(height, height + dy); y++)
        {
            for (var x = Math.Max(0, dx); x < Math.Min(width, width + dx); x++)
            {
                shared += moved[((y - dy) * width) + x - dx] & over[(y * width) + x];
            }
        }

        return shared;
    }

    private (TrackInput[] Detections, RleMask[] Masks) Next()
    {
        _frame = (_frame + 1) % MovingMasks.Period;
        return _frames[_frame];
    }
}
