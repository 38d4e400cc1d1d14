using System.Numerics;
using System.Runtime.InteropServices;
using SegBatch.Geometry;

namespace SegBatch.Motion;

/// <summary>
/// Motion of the background from one grey picture to the next, by the corners of the first one: found (<see cref="CornerDetector"/>), followed
/// (<see cref="LucasKanade"/>) and brought under one motion (<see cref="SimilarityFit"/>). Nothing is allocated per picture once warm.
/// </summary>
internal sealed class SparseFlow
{
    private const int FewestPoints = 5;

    private readonly CornerDetector _detector;
    private readonly LucasKanade _follower;
    private readonly SimilarityFit _fit;
    private readonly int _cornerLevel;
    private readonly List<Vector2> _corners = [];
    private readonly List<Vector2> _from = [];
    private readonly List<Vector2> _to = [];
    private GrayPyramid _before;
    private GrayPyramid _now;
    private bool _isBuilt;

    /// <param name="size">Size of the pictures.</param>
    public SparseFlow(FrameSize size, FlowSettings settings)
    {
        _before = new GrayPyramid(size, settings.Levels, settings.Window);
        _now = new GrayPyramid(size, settings.Levels, settings.Window);
        _cornerLevel = Math.Min(settings.CornerLevel, _now.Count - 1);
        _detector = new CornerDetector(_now[_cornerLevel].Size, settings.Quality, settings.MostCorners, settings.Cell);
        _follower = new LucasKanade(settings.Window, settings.Steps, settings.Precision, settings.CoarsePrecision);
        _fit = new SimilarityFit(settings.Reach, settings.Refits);
    }

    /// <summary>The picture that comes next: write its rows, then call <see cref="Estimate"/> or <see cref="Skip"/>.</summary>
    public GrayPlane Next => _now[0];

    /// <summary>Corners of the picture before that were followed, for tests.</summary>
    internal ReadOnlySpan<Vector2> Followed => CollectionsMarshal.AsSpan(_from);

    /// <summary>Takes the picture as the one before the next, without looking at it.</summary>
    public void Skip()
    {
        (_before, _now) = (_now, _before);
        _isBuilt = false;
    }

    /// <summary>Motion from the picture before to this one, which then is the one before the next.</summary>
    /// <returns>
    /// Where a point of the picture before is now, pixels, a sample's centre at a whole number; null where too few corners were found again.
    /// </returns>
    public AffineMotion? Estimate()
    {
        if (!_isBuilt)
        {
            _before.Build();
        }

        _now.Build();
        _detector.Find(_before[_cornerLevel], _corners);
        _from.Clear();
        _to.Clear();
        foreach (var corner in _corners)
        {
            var point = corner * (1 << _cornerLevel);
            if (_follower.Follow(_before, _now, point, out var found))
            {
                _from.Add(point);
                _to.Add(found);
            }
        }

        var motion = _from.Count < FewestPoints ? null : _fit.Find(CollectionsMarshal.AsSpan(_from), CollectionsMarshal.AsSpan(_to));
        (_before, _now) = (_now, _before);
        _isBuilt = true;
        return motion;
    }
}
