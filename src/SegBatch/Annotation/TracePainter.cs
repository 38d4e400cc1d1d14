using SegBatch.Decoding;
using SegBatch.Geometry;

namespace SegBatch.Annotation;

/// <summary>
/// Draws behind every track the path its foot point (middle of the lower edge of the tracker's estimate) took in the last seconds,
/// fading with age. A track that ends leaves its path to fade. Stateful: call it for every frame in order.
/// </summary>
internal sealed class TracePainter(double seconds)
{
    private const float ShortestStep = 2; // pixels; what stands still adds no points
    private const float MostMoved = 12; // pixels; what is farther off its mean jumped
    private const int SmoothReach = 4; // points to either side that a point is the mean of

    private readonly Dictionary<long, TrackPath> _paths = [];
    private readonly List<long> _faded = [];
    private readonly CoverageLayer _layer = new();

    /// <summary>Tracks that have a path.</summary>
    public int Tracks => _paths.Count;

    /// <summary>Adds where a track is now; <paramref name="color"/> is its index in the palette.</summary>
    public void Add(long trackId, in Box estimate, double time, long color)
    {
        if (!_paths.TryGetValue(trackId, out var known))
        {
            _paths.Add(trackId, known = new());
        }

        known.Color = color;
        var path = known.Points;
        var point = new Point(time, estimate.CenterX, estimate.Y2);
        if (!float.IsFinite(point.X) || !float.IsFinite(point.Y))
        {
            return;
        }

        // The newest point follows the object; it is kept once it is a step away from the one before.
        if (path.Count >= 2 && Distance(path[^2], path[^1]) < ShortestStep)
        {
            path[^1] = point;
        }
        else
        {
            path.Add(point);
        }
    }

    /// <summary>Forgets what is older than the limit, then draws all paths.</summary>
    public void Paint(in YuvPicture picture, Palette palette, double time, float width)
    {
        foreach (var (trackId, known) in _paths)
        {
            var path = known.Points;
            var old = 0;
            while (old < path.Count && time - path[old].Time >= seconds)
            {
                old++;
            }

            path.RemoveRange(0, old);
            if (path.Count == 0)
            {
                _faded.Add(trackId);
            }
            else if (path.Count > 1)
            {
                PaintPath(picture, path, time, width, palette.Color(known.Color));
            }
        }

        foreach (var trackId in _faded)
        {
            _paths.Remove(trackId);
        }

        _faded.Clear();
    }

    private void PaintPath(in YuvPicture picture, List<Point> path, double time, float width, YuvColor color)
    {
        var (left, top, right, bottom) = (float.MaxValue, float.MaxValue, float.MinValue, float.MinValue);
        foreach (var point in path)
        {
            (left, right) = (Math.Min(left, point.X), Math.Max(right, point.X));
            (top, bottom) = (Math.Min(top, point.Y), Math.Max(bottom, point.Y));
        }

        var margin = width / 2 + 1;
        if (!_layer.Begin(picture, Around(left - margin, top - margin, right + margin, bottom + margin, picture.Size)))
        {
            return;
        }

        var from = path[0];
        for (var i = 1; i < path.Count; i++)
        {
            var to = Smooth(path, i);
            AddSegment(from, to, time, width / 2);
            from = to;
        }

        _layer.Mix(picture, color);
    }

    /// <summary>Mean of a point and its neighbours, the nearer the more: boxes tremble, objects do not. The ends stay where they are.</summary>
    private static Point Smooth(List<Point> path, int index)
    {
        var reach = Math.Min(SmoothReach, Math.Min(index, path.Count - 1 - index));
        var (x, y, sum) = (0f, 0f, 0f);
        for (var i = -reach; i <= reach; i++)
        {
            var weight = reach + 1 - Math.Abs(i);
            var point = path[index + i];
            (x, y, sum) = (x + (weight * point.X), y + (weight * point.Y), sum + weight);
        }

        var smooth = new Point(path[index].Time, x / sum, y / sum);
        return Distance(smooth, path[index]) <= MostMoved ? smooth : path[index];
    }

    /// <summary>A segment with round ends; coverage falls from 1 to 0 over the pixel at its rim, opacity from its newer to its older end.</summary>
    private void AddSegment(in Point from, in Point to, double time, float radius)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var squared = Math.Max(dx * dx + dy * dy, 1e-6f);
        var (older, newer) = (Opacity(from, time), Opacity(to, time));
        var reach = radius + 1;
        var area = _layer.Area;
        var x1 = (int)Math.Clamp(Math.Min(from.X, to.X) - reach, area.X1, area.X2);
        var x2 = (int)Math.Clamp(Math.Max(from.X, to.X) + reach + 1, area.X1, area.X2);
        var y1 = (int)Math.Clamp(Math.Min(from.Y, to.Y) - reach, area.Y1, area.Y2);
        var y2 = (int)Math.Clamp(Math.Max(from.Y, to.Y) + reach + 1, area.Y1, area.Y2);
        for (var y = y1; y < y2; y++)
        {
            for (var x = x1; x < x2; x++)
            {
                var (px, py) = (x + 0.5f - from.X, y + 0.5f - from.Y);
                var along = Math.Clamp((px * dx + py * dy) / squared, 0, 1);
                var (ox, oy) = (px - along * dx, py - along * dy);
                var coverage = Math.Clamp(radius + 0.5f - MathF.Sqrt(ox * ox + oy * oy), 0, 1);
                if (coverage > 0)
                {
                    _layer.Raise(x, y, (byte)(255 * coverage * (older + (newer - older) * along)));
                }
            }
        }
    }

    private float Opacity(in Point point, double time) => (float)Math.Clamp(1 - (time - point.Time) / seconds, 0, 1);

    private static float Distance(in Point a, in Point b) => MathF.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y));

    private static PixelRect Around(float x1, float y1, float x2, float y2, FrameSize size) =>
        new(
            (int)MathF.Floor(Math.Clamp(x1, 0, size.Width)),
            (int)MathF.Floor(Math.Clamp(y1, 0, size.Height)),
            (int)MathF.Ceiling(Math.Clamp(x2, 0, size.Width)),
            (int)MathF.Ceiling(Math.Clamp(y2, 0, size.Height))
        );

    private sealed class TrackPath
    {
        public List<Point> Points { get; } = [];

        /// <summary>Index in the palette.</summary>
        public long Color { get; set; }
    }

    private readonly record struct Point(double Time, float X, float Y);
}
