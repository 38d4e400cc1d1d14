using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// The masks of a frame's detections as shapes, and what they say about shapes laid over them. Two detections that hardly overlap are of
/// different objects, so that one may hide what the other is a part of; of two that do overlap, one may be the other once more.
/// Buffers are kept: no allocation once warm.
/// </summary>
internal sealed class DetectedShapes
{
    /// <summary>Share of the smaller mask up to which two detections are of different objects.</summary>
    private const double MostShared = 0.25;

    private readonly List<MaskShape> _shapes = [];
    private long[] _shared = [];
    private int _count;

    /// <summary>Of the masks; none where the boxes stand for them.</summary>
    public FrameSize Frame { get; private set; }

    public MaskShape this[int detection] => _shapes[detection];

    /// <summary>Takes in a frame.</summary>
    public void Begin(FrameEvidence evidence)
    {
        _count = evidence.Detections.Length;
        Frame = evidence.Masks.IsEmpty ? default : evidence.Masks[0].Size;
        while (_shapes.Count < _count)
        {
            _shapes.Add(new MaskShape());
        }

        for (var i = 0; i < _count; i++)
        {
            if (evidence.Masks.IsEmpty || evidence.Masks[i].Counts.Length < 2)
            {
                _shapes[i].Take(evidence.Detections[i].Box);
            }
            else
            {
                _shapes[i].Take(evidence.Masks[i]);
            }
        }

        if (_shared.Length < _count * _count)
        {
            _shared = new long[2 * _count * _count];
        }

        for (var i = 0; i < _count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                _shared[(i * _count) + j] = _shared[(j * _count) + i] =
                    i == j ? _shapes[i].Area : _shapes[i].Intersection(0, 0, _shapes[j]);
            }
        }
    }

    /// <summary>Share of a detection's mask that another one's holds.</summary>
    public double ShareInside(int detection, int other) =>
        _shapes[detection].Area == 0 ? 0 : (double)_shared[(detection * _count) + other] / _shapes[detection].Area;

    /// <summary>
    /// How well a detection is what is left to see of a shape: IoU of the two, where pixels of the shape that other objects cover do not
    /// count against it.
    /// </summary>
    /// <param name="shared">Pixels that the shape shares with each detection.</param>
    /// <param name="area">Of the shape inside the frame.</param>
    /// <param name="detection">Which.</param>
    /// <param name="hidden">Pixels of the shape that other objects cover.</param>
    public double VisibleIoU(ReadOnlySpan<int> shared, long area, int detection, out long hidden)
    {
        var own = shared[detection];
        hidden = 0;
        if (own == 0)
        {
            return 0;
        }

        for (var other = 0; other < _count; other++)
        {
            if (other != detection && shared[other] > 0 && AreDifferent(detection, other))
            {
                hidden += shared[other];
            }
        }

        hidden = Math.Min(hidden, area - own);
        return own / (double)Math.Max(1, _shapes[detection].Area + area - own - hidden);
    }

    /// <summary>Pixels that a shape, laid elsewhere, shares with each detection.</summary>
    public void Share(MaskShape shape, int dx, int dy, Span<int> shared)
    {
        for (var i = 0; i < _count; i++)
        {
            shared[i] = (int)shape.Intersection(dx, dy, _shapes[i]);
        }
    }

    private bool AreDifferent(int a, int b) => _shared[(a * _count) + b] <= MostShared * Math.Min(_shapes[a].Area, _shapes[b].Area);
}
