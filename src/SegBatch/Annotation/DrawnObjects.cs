using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Tracking;

namespace SegBatch.Annotation;

/// <summary>An object to draw. Order is its place among them, by score.</summary>
internal readonly record struct DrawnObject(DetectedObject Object, long? TrackId, long Color, long Area, int Order);

/// <summary>
/// Which objects of a frame are drawn, in which colour and order: those that become rows, with a score of at least <paramref name="conf"/> or
/// claimed by a track. Lists are used over and over: valid until the next frame.
/// </summary>
internal sealed class DrawnObjects(ColorBy colorBy, float conf)
{
    private readonly List<DrawnObject> _objects = [];
    private readonly List<DrawnObject> _masks = [];
    private readonly List<PixelRect> _boxes = [];
    private long?[] _trackOf = [];

    /// <summary>Best score first.</summary>
    public IReadOnlyList<DrawnObject> Objects => _objects;

    /// <summary>The outer edges of their boxes, in the same order.</summary>
    public List<PixelRect> Boxes => _boxes;

    /// <summary>The masks to paint, largest first: of the classes where there are any, else of the objects.</summary>
    public IReadOnlyList<DrawnObject> Masks => _masks;

    /// <summary>The network gives every pixel a class: those are painted, not the objects.</summary>
    public bool AreClasses { get; private set; }

    /// <param name="size">Of the frame.</param>
    /// <param name="lineWidth">Pixels.</param>
    public void Collect(
        FrameSize size,
        IReadOnlyList<DetectedObject> detections,
        IReadOnlyList<TrackedObject> tracks,
        IReadOnlyList<ClassRegion> regions,
        int lineWidth
    )
    {
        AreClasses = regions.Count > 0;
        FindTracks(detections.Count, tracks);
        _objects.Clear();
        _boxes.Clear();
        for (var i = 0; i < detections.Count; i++)
        {
            var detection = detections[i];
            if (detection.Score < conf && _trackOf[i] is null)
            {
                continue;
            }

            // Without a track the class gives the colour: an index in the frame would make it flicker.
            var color = colorBy == ColorBy.Track && !AreClasses ? _trackOf[i] ?? detection.ClassId : detection.ClassId;
            _objects.Add(new(detection, _trackOf[i], color, detection.Mask.Counts.IsEmpty ? 0 : detection.Mask.Area, _objects.Count));
            _boxes.Add(BoxPainter.Outer(detection.Box, size, lineWidth));
        }

        SortMasks(regions);
    }

    private void FindTracks(int detections, IReadOnlyList<TrackedObject> tracks)
    {
        if (_trackOf.Length < detections)
        {
            _trackOf = new long?[detections];
        }

        Array.Clear(_trackOf);
        foreach (var track in tracks)
        {
            _trackOf[track.DetectionIndex] = track.TrackId;
        }
    }

    private void SortMasks(IReadOnlyList<ClassRegion> regions)
    {
        _masks.Clear();
        for (var i = 0; i < regions.Count; i++)
        {
            var region = regions[i];
            var whole = new DetectedObject(default, 1f, region.ClassId, region.Mask);
            _masks.Add(new(whole, null, region.ClassId, region.Mask.Area, _masks.Count));
        }

        if (!AreClasses)
        {
            _masks.AddRange(_objects);
        }

        _masks.Sort(static (a, b) => a.Area != b.Area ? b.Area.CompareTo(a.Area) : a.Order.CompareTo(b.Order));
    }
}
