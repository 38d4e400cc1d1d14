using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using SegBatch.Decoding;
using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Native.FreeType;
using SegBatch.Tracking;

namespace SegBatch.Annotation;

/// <summary>
/// Draws the objects of each frame into the frame's own YUV planes: masks (largest first, so that small ones stay on top), contours,
/// paths, boxes (best score on top) and labels like <c>#7 person 0.87</c>. Drawn is what becomes rows: a score of at least
/// <paramref name="conf"/>, or claimed by a track. Boxes are the detector's, because the masks lie in them.
/// Where the network gives every pixel a class, its classes are drawn instead, each in its colour, and its objects only get their labels.
/// Remembers paths and label places: one instance per video, called for every frame in order.
/// </summary>
public sealed class Annotator(AnnotationOptions options, IReadOnlyList<string> classNames, float conf, ILogger? logger = null) : IDisposable
{
    private const float LumaShare = 0.75f; // of the mask's opacity: keeps the object's own light and shade visible

    private const float TextShare = 0.009f; // height of the letters' em square over width + height: 12 px at 768x576, 27 px at 1920x1080
    private const int SmallestText = 11; // pixels; below, DejaVu is not readable
    private const int LongestName = 80; // characters

    private static int _fontWarned;

    private readonly MaskPainter _masks = new();
    private readonly TracePainter _traces = new(options.TraceSeconds);
    private readonly LabelLayout _layout = new();
    private readonly List<RowSpans> _spans = []; // one per object drawn, kept for their scratch memory
    private readonly List<Drawn> _drawn = [];
    private readonly List<PixelRect> _boxes = [];
    private readonly List<PixelRect> _labels = [];
    private readonly char[] _text = new char[128];
    private readonly List<Drawn> _byArea = [];
    private long?[] _trackOf = [];
    private Palette? _palette;
    private LabelFont? _font;
    private LabelPainter? _labelPainter;
    private bool _fontMissing;
    private bool _isSemantic;

    /// <summary>Font file of the labels; null searches for one.</summary>
    internal string? FontFile { get; init; } = Environment.GetEnvironmentVariable(LabelFont.FontVariable);

    /// <summary>Paints the frame in place and passes it on.</summary>
    public TrackedFrame Paint(TrackedFrame frame)
    {
        Paint(frame.Frame.WritableYuv(), frame.Detections, frame.Tracks, frame.Frame.TimeSeconds, frame.Regions);
        return frame;
    }

    public void Dispose() => _font?.Dispose();

    internal void Paint(
        in YuvPicture picture,
        IReadOnlyList<DetectedObject> detections,
        IReadOnlyList<TrackedObject> tracks,
        double time,
        IReadOnlyList<ClassRegion>? regions = null
    )
    {
        _isSemantic = regions is { Count: > 0 };
        if (_palette?.Spec != picture.Color)
        {
            _palette = new(picture.Color);
        }

        var lineWidth = options.LineWidth is { } given ? Math.Max(1, given) : BoxPainter.LineWidth(picture.Size);
        Collect(picture.Size, detections, tracks, lineWidth);
        CollectMasks(regions ?? []);
        PaintMasks(picture, _palette, lineWidth);
        if (options.TraceSeconds > 0 && !_isSemantic)
        {
            PaintTraces(picture, _palette, detections, tracks, time, lineWidth);
        }

        if (options.Boxes && !_isSemantic)
        {
            for (var i = _drawn.Count - 1; i >= 0; i--)
            {
                BoxPainter.Paint(picture, _drawn[i].Object.Box, _palette.Color(_drawn[i].Color), lineWidth);
            }
        }

        if (options.Labels && OpenLabels(picture.Size) is { } labels)
        {
            PaintLabels(picture, labels, _palette);
        }
    }

    private void Collect(FrameSize size, IReadOnlyList<DetectedObject> detections, IReadOnlyList<TrackedObject> tracks, int lineWidth)
    {
        if (_trackOf.Length < detections.Count)
        {
            _trackOf = new long?[detections.Count];
        }

        Array.Clear(_trackOf);
        foreach (var track in tracks)
        {
            _trackOf[track.DetectionIndex] = track.TrackId;
        }

        _drawn.Clear();
        _boxes.Clear();
        for (var i = 0; i < detections.Count; i++)
        {
            var detection = detections[i];
            if (detection.Score < conf && _trackOf[i] is null)
            {
                continue;
            }

            // Without a track the class gives the colour: an index in the frame would make it flicker.
            var color = options.ColorBy == ColorBy.Track && !_isSemantic ? _trackOf[i] ?? detection.ClassId : detection.ClassId;
            _drawn.Add(new(detection, _trackOf[i], color, detection.Mask.Counts.IsEmpty ? 0 : detection.Mask.Area, _drawn.Count));
            _boxes.Add(BoxPainter.Outer(detection.Box, size, lineWidth));
        }
    }

    /// <summary>The masks to paint, largest first: of the classes where there are any, else of the objects.</summary>
    private void CollectMasks(IReadOnlyList<ClassRegion> regions)
    {
        _byArea.Clear();
        for (var i = 0; i < regions.Count; i++)
        {
            var region = regions[i];
            var whole = new DetectedObject(default, 1f, region.ClassId, region.Mask);
            _byArea.Add(new(whole, null, region.ClassId, region.Mask.Area, _byArea.Count));
        }

        if (!_isSemantic)
        {
            _byArea.AddRange(_drawn);
        }

        _byArea.Sort(static (a, b) => a.Area != b.Area ? b.Area.CompareTo(a.Area) : a.Order.CompareTo(b.Order));
    }

    private void PaintMasks(in YuvPicture picture, Palette palette, int lineWidth)
    {
        if (!options.Masks && !options.Contours)
        {
            return;
        }

        while (_spans.Count < _byArea.Count)
        {
            _spans.Add(new());
        }

        var weight = Math.Clamp(options.MaskOpacity, 0, 1) * Blend.Full;
        for (var i = 0; i < _byArea.Count && _byArea[i].Area > 0; i++)
        {
            var spans = _spans[i].Convert(_byArea[i].Object.Mask);
            if (options.Masks)
            {
                _masks.Paint(picture, spans, palette.Color(_byArea[i].Color), (int)(LumaShare * weight), (int)weight);
            }
        }

        var thickness = Math.Max(1, lineWidth / 2);
        for (var i = 0; options.Contours && i < _byArea.Count && _byArea[i].Area > 0; i++)
        {
            ContourPainter.Paint(picture, _byArea[i].Object.Mask, _spans[i].Last, palette.Color(_byArea[i].Color), thickness);
        }
    }

    private void PaintTraces(
        in YuvPicture picture,
        Palette palette,
        IReadOnlyList<DetectedObject> detections,
        IReadOnlyList<TrackedObject> tracks,
        double time,
        int lineWidth
    )
    {
        foreach (var track in tracks)
        {
            var color = options.ColorBy == ColorBy.Track ? track.TrackId : detections[track.DetectionIndex].ClassId;
            _traces.Add(track.TrackId, track.Estimate, time, color);
        }

        _traces.Paint(picture, palette, time, lineWidth);
    }

    private void PaintLabels(in YuvPicture picture, LabelPainter painter, Palette palette)
    {
        _layout.Begin();
        _labels.Clear();
        var boxes = CollectionsMarshal.AsSpan(_boxes);
        for (var i = 0; i < _drawn.Count; i++)
        {
            var size = painter.Measure(Text(_drawn[i]));
            _labels.Add(_layout.Place(size, picture.Size, boxes, i, _drawn[i].TrackId));
        }

        for (var i = _drawn.Count - 1; i >= 0; i--)
        {
            painter.Paint(picture, _labels[i], Text(_drawn[i]), palette.Color(_drawn[i].Color), palette.TextOn(_drawn[i].Color));
        }
    }

    /// <summary><c>#7 person 0.87</c>: shorter than the reference's <c>id:7 person 0.87</c>, hence hides less.</summary>
    private ReadOnlySpan<char> Text(in Drawn drawn)
    {
        var classId = drawn.Object.ClassId;
        var name = classId >= 0 && classId < classNames.Count ? classNames[classId] : "";
        name = name.Length > LongestName ? name[..LongestName] : name;
        var length = 0;
        if (drawn.TrackId is { } trackId && _text.AsSpan().TryWrite($"#{trackId} ", out var written))
        {
            length = written;
        }

        if (
            name.Length > 0
                ? _text.AsSpan(length).TryWrite($"{name}", out written)
                : _text.AsSpan(length).TryWrite($"class {classId}", out written)
        )
        {
            length += written;
        }

        // A class map has no scores.
        if (options.ShowConf && !_isSemantic && _text.AsSpan(length).TryWrite($" {drawn.Object.Score:0.00}", out written))
        {
            length += written;
        }

        return _text.AsSpan(0, length);
    }

    /// <summary>Opens the font for the first frame's size. Without a font there are no labels, and one warning per process.</summary>
    private LabelPainter? OpenLabels(FrameSize size)
    {
        if (_labelPainter is null && !_fontMissing)
        {
            try
            {
                _font = LabelFont.Open(Math.Max(SmallestText, (int)Math.Round((size.Width + size.Height) * TextShare)), FontFile);
                _labelPainter = new(_font);
            }
            catch (FontException error)
            {
                _fontMissing = true;
                if (Interlocked.Exchange(ref _fontWarned, 1) == 0)
                {
                    logger?.LogWarning("Annotated videos carry no labels: {Reason}", error.Message);
                }
            }
        }

        return _labelPainter;
    }

    /// <summary>An object to draw. Order is its place among them, by score.</summary>
    private readonly record struct Drawn(DetectedObject Object, long? TrackId, long Color, long Area, int Order);
}
