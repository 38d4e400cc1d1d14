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

    private static int _fontWarned;

    private readonly MaskPainter _masks = new();
    private readonly TracePainter _traces = new(options.TraceSeconds);
    private readonly LabelLayout _layout = new();
    private readonly List<RowSpans> _spans = []; // one per object drawn, kept for their scratch memory
    private readonly DrawnObjects _drawn = new(options.ColorBy, conf);
    private readonly LabelText _text = new(classNames, options.ShowConf);
    private readonly List<PixelRect> _labels = [];
    private Palette? _palette;
    private LabelFont? _font;
    private LabelPainter? _labelPainter;
    private bool _fontMissing;

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
        if (_palette?.Spec != picture.Color)
        {
            _palette = new(picture.Color);
        }

        var lineWidth = options.LineWidth is { } given ? Math.Max(1, given) : BoxPainter.LineWidth(picture.Size);
        _drawn.Collect(picture.Size, detections, tracks, regions ?? [], lineWidth);
        PaintMasks(picture, _palette, lineWidth);
        if (options.TraceSeconds > 0 && !_drawn.AreClasses)
        {
            PaintTraces(picture, _palette, detections, tracks, time, lineWidth);
        }

        if (options.Boxes && !_drawn.AreClasses)
        {
            for (var i = _drawn.Objects.Count - 1; i >= 0; i--)
            {
                var drawn = _drawn.Objects[i];
                BoxPainter.Paint(picture, drawn.Object.Box, _palette.Color(drawn.Color), lineWidth);
            }
        }

        if (options.Labels && OpenLabels(picture.Size) is { } labels)
        {
            PaintLabels(picture, labels, _palette);
        }
    }

    private void PaintMasks(in YuvPicture picture, Palette palette, int lineWidth)
    {
        if (!options.Masks && !options.Contours)
        {
            return;
        }

        var masks = _drawn.Masks;
        while (_spans.Count < masks.Count)
        {
            _spans.Add(new());
        }

        var weight = Math.Clamp(options.MaskOpacity, 0, 1) * Blend.Full;
        for (var i = 0; i < masks.Count && masks[i].Area > 0; i++)
        {
            var spans = _spans[i].Convert(masks[i].Object.Mask);
            if (options.Masks)
            {
                _masks.Paint(picture, spans, palette.Color(masks[i].Color), (int)(LumaShare * weight), (int)weight);
            }
        }

        var thickness = Math.Max(1, lineWidth / 2);
        for (var i = 0; options.Contours && i < masks.Count && masks[i].Area > 0; i++)
        {
            ContourPainter.Paint(picture, masks[i].Object.Mask, _spans[i].Last, palette.Color(masks[i].Color), thickness);
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
        var boxes = CollectionsMarshal.AsSpan(_drawn.Boxes);
        var objects = _drawn.Objects;
        for (var i = 0; i < objects.Count; i++)
        {
            var size = painter.Measure(_text.Of(objects[i], _drawn.AreClasses));
            _labels.Add(_layout.Place(size, picture.Size, boxes, i, objects[i].TrackId));
        }

        for (var i = objects.Count - 1; i >= 0; i--)
        {
            var color = objects[i].Color;
            painter.Paint(picture, _labels[i], _text.Of(objects[i], _drawn.AreClasses), palette.Color(color), palette.TextOn(color));
        }
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
}
