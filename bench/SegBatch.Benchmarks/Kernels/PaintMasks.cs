using BenchmarkDotNet.Attributes;
using SegBatch.Annotation;
using SegBatch.Benchmarks.Baselines;
using SegBatch.Benchmarks.Inputs;
using SegBatch.Detection;
using SegBatch.Tracking;

namespace SegBatch.Benchmarks.Kernels;

/// <summary>
/// Ten masks tinted into a 1080p frame, and everything that is drawn: contours, boxes, paths, labels too (labels where a font is found).
/// The baseline paints from ready bitmaps.
/// </summary>
[MemoryDiagnoser]
public class PaintMasks
{
    private static readonly AnnotationOptions s_onlyMasks = new()
    {
        Boxes = false,
        Contours = false,
        Labels = false,
        TraceSeconds = 0,
    };

    private readonly SyntheticFrame _frame = new();
    private readonly List<DetectedObject> _objects = Blobs.Objects();
    private readonly List<TrackedObject> _tracks;
    private readonly List<(byte[] Bitmap, YuvColor Color)> _bitmaps;
    private readonly Annotator _annotator = new(s_onlyMasks, ["person", "car", "dog"], 0.25f);
    private readonly Annotator _everything = new(new AnnotationOptions(), ["person", "car", "dog"], 0.25f);
    private double _time;

    public PaintMasks()
    {
        _tracks = Blobs.Tracks(_objects);
        var palette = new Palette(_frame.Yuv.Color);
        _bitmaps =
        [
            .. _tracks
                .OrderByDescending(track => _objects[track.DetectionIndex].Mask.Area)
                .Select(track =>
                {
                    var bitmap = new byte[SyntheticFrame.Size.Area];
                    _objects[track.DetectionIndex].Mask.ToBitmap(bitmap);
                    return (bitmap, palette.Color(track.TrackId));
                }),
        ];
    }

    [Benchmark(Baseline = true)]
    public void Pixelwise()
    {
        foreach (var (bitmap, color) in _bitmaps)
        {
            PixelwiseTint.Paint(_frame.Yuv, bitmap, color, 96, 128); // half opaque, luma at three quarters of that
        }
    }

    [Benchmark]
    public void Runs() => _annotator.Paint(_frame.Yuv, _objects, _tracks, 0);

    [Benchmark]
    public void Everything() => _everything.Paint(_frame.Yuv, _objects, _tracks, _time += 0.04);

    internal static IEnumerable<Comparison> Compare()
    {
        var (kernel, baseline) = (new PaintMasks(), new PaintMasks());
        kernel.Runs();
        baseline.Pixelwise();
        var found = kernel._frame.Yuv;
        var expected = baseline._frame.Yuv;
        return
        [
            Comparison.Of<byte>($"{Blobs.Count} masks painted, Y", found.Y, expected.Y),
            Comparison.Of<byte>($"{Blobs.Count} masks painted, U", found.U, expected.U),
            Comparison.Of<byte>($"{Blobs.Count} masks painted, V", found.V, expected.V),
        ];
    }
}
