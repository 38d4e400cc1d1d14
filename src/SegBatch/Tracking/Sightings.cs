using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// The last sightings of a tracklet, and how far a detection is from going on with them in direction and in score: two of the cues of
/// Shim et al. 2025 (see <see cref="TrackTracker"/>), taken there from Yang et al., Hybrid-SORT: Weak cues matter for online multi-object
/// tracking, AAAI 2024.
/// </summary>
internal sealed class Sightings
{
    /// <summary>Sightings between the two ends of a direction.</summary>
    private const int Span = 3;

    /// <summary>What a direction costs where there is none yet: halfway between ahead and behind.</summary>
    private const double Undecided = 0.5;

    /// <summary>From the oldest on.</summary>
    private readonly Box[] _boxes = new Box[Span + 1];
    private int _kept;
    private float _score;
    private float _scoreBefore;

    /// <summary>How many there were.</summary>
    public int Count { get; private set; }

    public void Clear() => (_kept, Count) = (0, 0);

    public void Add(Box box, float score)
    {
        if (_kept == _boxes.Length)
        {
            _boxes.AsSpan(1).CopyTo(_boxes);
            _kept--;
        }

        _boxes[_kept++] = box;
        _scoreBefore = Count > 0 ? _score : score;
        _score = score;
        Count++;
    }

    /// <summary>Distance of a score from that of the last two, carried on in a straight line.</summary>
    public double ScoreDistance(float score) => Math.Abs(2.0 * _score - _scoreBefore - score);

    /// <summary>
    /// Angle between where the corners went over the last <see cref="Span"/> sightings and where they would go over as many with this one, in
    /// half turns, mean of the corners.
    /// </summary>
    public double DirectionDistance(Box box)
    {
        var (oldest, last) = (Back(Span), _boxes[_kept - 1]);
        var from = Back(Span - 1);
        return (
                Angle(last.X1 - oldest.X1, last.Y1 - oldest.Y1, box.X1 - from.X1, box.Y1 - from.Y1)
                + Angle(last.X2 - oldest.X2, last.Y1 - oldest.Y1, box.X2 - from.X2, box.Y1 - from.Y1)
                + Angle(last.X1 - oldest.X1, last.Y2 - oldest.Y2, box.X1 - from.X1, box.Y2 - from.Y2)
                + Angle(last.X2 - oldest.X2, last.Y2 - oldest.Y2, box.X2 - from.X2, box.Y2 - from.Y2)
            ) / 4;
    }

    /// <summary>The box so many sightings before the last, or the first there was.</summary>
    private Box Back(int sightings) => _boxes[Math.Max(0, _kept - 1 - sightings)];

    private static double Angle(double x1, double y1, double x2, double y2)
    {
        var lengths = Math.Sqrt((x1 * x1 + y1 * y1) * (x2 * x2 + y2 * y2));
        return lengths > 0 ? Math.Acos(Math.Clamp((x1 * x2 + y1 * y2) / lengths, -1, 1)) / Math.PI : Undecided;
    }
}
