using SegBatch.Detection;
using SegBatch.Geometry;
using SegBatch.Masks;

namespace SegBatch.Benchmarks.TrackerRace;

/// <summary>
/// A detector with the faults of a real one: what is seen of an object decides on its score and on whether it is found; masks have
/// ragged edges, are cut off, or hold two objects for some frames; boxes tremble; objects are missed for some frames, found twice or
/// under another class; there is noise; and of two boxes that overlap by more than 0.7 the weaker goes.
/// </summary>
internal sealed class MadeUpDetector(int seed, int figures)
{
    private const double SuppressionIoU = 0.7;

    private readonly Random _random = new(seed);
    private readonly int[] _across = new int[(Crowd.Size.Width / 8) + 1];
    private readonly int[] _down = new int[(Crowd.Size.Width / 8) + 1];
    private readonly int[] _missedFor = new int[figures];
    private readonly int[] _mergedFor = new int[figures];
    private readonly int[] _mergedWith = new int[figures];

    /// <summary>What it finds in the frame drawn last, best score first.</summary>
    public DetectedObject[] Detect(IReadOnlyList<Figure> scene, VisiblePixels pixels)
    {
        var found = new List<DetectedObject>();
        var swallowed = new HashSet<int>();
        for (var i = 0; i < scene.Count; i++)
        {
            var share = pixels.Share(i);
            if (scene[i].Kind == FigureKind.Post || pixels.Visible(i) < 40 || swallowed.Contains(i) || IsMissed(i, share))
            {
                continue;
            }

            var other = Merge(i, scene, pixels);
            if (other >= 0)
            {
                swallowed.Add(other);
            }

            var score = (0.9 * (0.25 + (0.75 * Math.Pow(share, 0.8)))) + Normal(0.06);
            var mask = Mask(pixels, i, other);
            Add(found, mask, score, ClassOf(scene[i]));
            if (_random.NextDouble() < 0.02)
            {
                // The same once more, its upper part only.
                Add(found, Cut(pixels, i, 0.55), 0.1 + (0.35 * _random.NextDouble()), ClassOf(scene[i]));
            }
        }

        AddNoise(found);
        return Suppress(found);
    }

    private int ClassOf(Figure figure) => _random.NextDouble() < 0.02 ? 2 : (int)figure.Kind;

    private bool IsMissed(int figure, double share)
    {
        if (_missedFor[figure] > 0)
        {
            _missedFor[figure]--;
            return true;
        }

        if (_random.NextDouble() < 0.006)
        {
            _missedFor[figure] = _random.Next(2, 7);
        }

        return _random.NextDouble() > 0.98 * Math.Clamp((share - 0.1) / 0.2, 0, 1);
    }

    /// <summary>The figure that this one is found as one with; -1 for none.</summary>
    private int Merge(int figure, IReadOnlyList<Figure> scene, VisiblePixels pixels)
    {
        if (_mergedFor[figure] > 0)
        {
            _mergedFor[figure]--;
            var with = _mergedWith[figure];
            return pixels.Meet(figure, with) && pixels.Visible(with) > 0 ? with : -1;
        }

        for (var other = figure + 1; other < scene.Count; other++)
        {
            if (
                scene[other].Kind == scene[figure].Kind
                && pixels.Meet(figure, other)
                && pixels.Share(other) > 0.15
                && _random.NextDouble() < 0.015
            )
            {
                (_mergedFor[figure], _mergedWith[figure]) = (_random.Next(1, 6), other);
                return other;
            }
        }

        return -1;
    }

    private RleMask Mask(VisiblePixels pixels, int figure, int other)
    {
        if (_random.NextDouble() < 0.03)
        {
            return Cut(pixels, figure, 0.55 + (0.3 * _random.NextDouble()));
        }

        Ragged(_across);
        Ragged(_down);
        return pixels.Mask(figure, other, _across, _down, int.MaxValue);
    }

    private void Ragged(int[] displacements)
    {
        var shift = Normal(0.8);
        for (var i = 0; i < displacements.Length; i++)
        {
            displacements[i] = (int)Math.Round(shift + Normal(1));
        }
    }

    /// <summary>The upper part of a mask, by the share of its height.</summary>
    private RleMask Cut(VisiblePixels pixels, int figure, double share)
    {
        Array.Clear(_across);
        var bounds = pixels.Mask(figure).Bounds;
        return pixels.Mask(figure, -1, _across, _across, (int)(bounds.Y1 + (share * bounds.Height)));
    }

    private void Add(List<DetectedObject> found, RleMask mask, double score, int classId)
    {
        var bounds = mask.Bounds;
        if (mask.Area < 20 || score < 0.1)
        {
            return;
        }

        var (x, y) = (0.012 * bounds.Width, 0.012 * bounds.Height);
        var box = new Box(
            (float)(bounds.X1 + Normal(x)),
            (float)(bounds.Y1 + Normal(y)),
            (float)(bounds.X2 + Normal(x)),
            (float)(bounds.Y2 + Normal(y))
        );
        found.Add(new DetectedObject(box, (float)Math.Clamp(score, 0.1, 0.97), classId, mask));
    }

    private void AddNoise(List<DetectedObject> found)
    {
        if (_random.NextDouble() < 0.12)
        {
            var size = Crowd.Size;
            var (width, height) = (_random.Next(25, 90), _random.Next(40, 160));
            var (left, top) = (_random.Next(0, size.Width - width), _random.Next(0, size.Height - height));
            var mask = VisiblePixels.Rectangle(size, left, top, width, height);
            Add(found, mask, 0.1 + (0.4 * _random.NextDouble()), _random.Next(3));
        }
    }

    private static DetectedObject[] Suppress(List<DetectedObject> found)
    {
        var kept = new List<DetectedObject>();
        foreach (var item in found.OrderByDescending(item => item.Score))
        {
            if (kept.TrueForAll(other => Box.IoU(other.Box, item.Box) <= SuppressionIoU))
            {
                kept.Add(item);
            }
        }

        return [.. kept];
    }

    /// <summary>Normally distributed around 0 (Box and Muller 1958).</summary>
    private double Normal(double deviation) =>
        deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
