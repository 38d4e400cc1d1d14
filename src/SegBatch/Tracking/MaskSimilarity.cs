using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// How alike the tracks of one frame are with its detections, by masks, boxes and class, and where in a track's shape a detection lies
/// that shows only a part of it. Buffers are kept: no allocation once warm.
/// </summary>
/// <param name="options">Weights.</param>
internal sealed class MaskSimilarity(TrackingOptions options)
{
    /// <summary>A mask from this share of the object's area on is all of the object.</summary>
    private const double WholeArea = 0.85;

    /// <summary>Share of the shape that others must cover for a smaller mask to be the rest of it, and how well it must fit then.</summary>
    private const double LeastHidden = 0.1;

    private const double LeastFit = 0.7;

    /// <summary>Share of a smaller mask that must lie in the shape to be a part of it where nothing is seen that covers the rest.</summary>
    private const double LeastInside = 0.9;

    /// <summary>Share of a shape that others may cover, by trembling edges, when nothing covers it.</summary>
    private const double MostCovered = 0.02;

    /// <summary>What is taken off that share when the shape has to be moved by its own size.</summary>
    private const double CostOfMoving = 0.5;

    /// <summary>Sightings in a row in which a smaller mask may be a part without a reason; then it is the shape.</summary>
    private const int MostUnexplained = 5;

    private int[] _shared = [];
    private int[] _sharedWhenMoved = [];
    private long[] _areas = [];
    private int _detections;

    public DetectedShapes Shapes { get; } = new();

    /// <summary>Takes in a frame.</summary>
    /// <param name="evidence">The frame's.</param>
    /// <param name="tracks">Predicted. Their order gives their rows.</param>
    public void Begin(FrameEvidence evidence, List<MaskTrack> tracks)
    {
        Shapes.Begin(evidence);
        _detections = evidence.Detections.Length;
        if (_shared.Length < tracks.Count * _detections)
        {
            _shared = new int[2 * tracks.Count * _detections];
        }

        if (_areas.Length < tracks.Count)
        {
            _areas = new long[2 * tracks.Count];
        }

        if (_sharedWhenMoved.Length < _detections)
        {
            _sharedWhenMoved = new int[2 * _detections];
        }

        for (var row = 0; row < tracks.Count; row++)
        {
            var track = tracks[row];
            var (x, y) = track.Shift;
            track.Row = row;
            _areas[row] = track.Shape.AreaInside(x, y, Shapes.Frame);
            Shapes.Share(track.Shape, x, y, SharedBy(track));
        }
    }

    /// <summary>Likeness of a track, where it is predicted, with a detection: 0 to 1.</summary>
    public double Of(MaskTrack track, in TrackInput detection, int index)
    {
        var shared = SharedBy(track);
        var box = Math.Max(Box.IoU(track.Estimate, detection.Box), Box.IoU(track.Visible, detection.Box));
        if (box == 0 && shared[index] == 0)
        {
            return 0;
        }

        var mask = Shapes.VisibleIoU(shared, _areas[track.Row], index, out _);
        return OfClass(track, detection, (options.MaskWeight * mask) + ((1 - options.MaskWeight) * box));
    }

    /// <summary>A likeness, less where the classes differ.</summary>
    public double OfClass(MaskTrack track, in TrackInput detection, double likeness) =>
        detection.ClassId == track.ClassId ? likeness : likeness * (1 - options.ClassPenalty);

    /// <summary>Share of a track's shape, where it is predicted, that a detection's mask covers.</summary>
    public double Cover(MaskTrack track, int index) => _areas[track.Row] == 0 ? 0 : (double)SharedBy(track)[index] / _areas[track.Row];

    /// <summary>Whether a detection's mask is large enough to be all of a track's object.</summary>
    public bool IsWhole(MaskTrack track, int index) => Shapes[index].Area >= WholeArea * track.Area;

    /// <summary>Whether others cover next to nothing of a track's shape, where it is predicted, beside its own detection.</summary>
    public bool IsUncovered(MaskTrack track, int index)
    {
        Shapes.VisibleIoU(SharedBy(track), _areas[track.Row], index, out var hidden);
        return hidden <= MostCovered * _areas[track.Row];
    }

    /// <summary>
    /// Lays the shape of a track so that a smaller detection fits best: by its left, its right or neither edge, and by its upper, its lower or neither.
    /// </summary>
    /// <param name="track">Predicted.</param>
    /// <param name="index">The detection.</param>
    /// <param name="shift">How far the shape has to be moved.</param>
    /// <param name="fit">See <see cref="DetectedShapes.VisibleIoU"/>.</param>
    /// <returns>How the detection shows the track's object.</returns>
    public Sight Align(MaskTrack track, int index, out (int X, int Y) shift, out double fit)
    {
        var (shape, part) = (track.Shape, Shapes[index]);
        var predicted = track.Shift;
        (shift, fit) = (predicted, 0);
        var (hidden, inside, shiftInside) = (0.0, 0.0, predicted);
        var shared = _sharedWhenMoved.AsSpan(0, _detections);
        ReadOnlySpan<int> across = [part.Left - shape.Left, part.Right - shape.Right, predicted.X];
        ReadOnlySpan<int> down = [part.Top - shape.Top, part.Bottom - shape.Bottom, predicted.Y];
        foreach (var x in across)
        {
            foreach (var y in down)
            {
                var area = shape.AreaInside(x, y, Shapes.Frame);
                Shapes.Share(shape, x, y, shared);
                var fits = Shapes.VisibleIoU(shared, area, index, out var covered);
                if (fits > fit)
                {
                    (shift, fit, hidden) = ((x, y), fits, covered / (double)area);
                }

                var (dx, dy) = ((double)x - predicted.X, (double)y - predicted.Y);
                var moved = Math.Sqrt(((dx * dx) + (dy * dy)) / Math.Max(1, shape.Area));
                var own = (shared[index] / (double)Math.Max(1, part.Area)) - (CostOfMoving * moved);
                if (own > inside)
                {
                    (shiftInside, inside) = ((x, y), own);
                }
            }
        }

        if (IsWhole(track, index))
        {
            return Sight.Whole;
        }

        if (hidden >= LeastHidden && fit >= LeastFit)
        {
            return Sight.Covered;
        }

        if (inside >= LeastInside && track.UnexplainedParts < MostUnexplained)
        {
            shift = shiftInside;
            return Sight.Unexplained;
        }

        return Sight.Whole;
    }

    private Span<int> SharedBy(MaskTrack track) => _shared.AsSpan(track.Row * _detections, _detections);
}

/// <summary>How a detection shows the object of a track.</summary>
internal enum Sight
{
    /// <summary>As a whole, as far as can be told.</summary>
    Whole,

    /// <summary>In part, with other objects where the rest would be.</summary>
    Covered,

    /// <summary>In part, for no reason that can be seen: something that is no object covers it, or the mask is cut off.</summary>
    Unexplained,
}
