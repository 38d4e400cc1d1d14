using System.Runtime.InteropServices;
using SegBatch.Evaluation;
using SegBatch.Geometry;
using SegBatch.Stitching;
using SegBatch.Tracking;

namespace SegBatch.Tests.Stitching;

/// <summary>What a scene is made hard by.</summary>
/// <param name="Seed">The same seed gives the same scene.</param>
/// <param name="Objects">Boxes at once that drift about in 1280 × 720; for one that leaves for good another comes.</param>
/// <param name="Occluders">Upright bars that hide what passes behind them.</param>
/// <param name="DropOuts">Drop-outs of the detector per object and second, each 0.2 to 1.5 s long.</param>
/// <param name="Step">Seconds between frames, by the frame's number.</param>
internal sealed record SceneOptions(int Seed, int Objects, int Occluders, double DropOuts, Func<int, double>? Step = null);

/// <summary>
/// Detections of made-up objects with exact truth: positions follow a random acceleration, bars and a failing detector hide them, false
/// alarms come and go. Nothing of it is taken from the code under test.
/// </summary>
internal sealed class OcclusionScene
{
    public const int Frames = 500;
    public const float Conf = 0.25f;

    private const double Width = 1280;
    private const double Height = 720;

    private readonly List<List<Sighting>> _frames = [];
    private readonly List<EvaluationObject[]> _truth = [];

    public OcclusionScene(SceneOptions options)
    {
        var random = new Random(options.Seed);
        var bars = Enumerable
            .Range(0, options.Occluders)
            .Select(i => Width * (i + 0.5) / options.Occluders)
            .Select(middle => (Left: middle - 20, Right: middle + 20 + 50 * random.NextDouble()))
            .ToList();
        var movers = Enumerable.Range(0, options.Objects).Select(id => new Mover(id, random, inside: true)).ToList();
        var next = movers.Count;
        var time = 0.0;
        for (var frame = 0; frame < Frames; frame++)
        {
            Times.Add(time);
            _truth.Add([.. movers.Select(mover => Truth(mover, bars))]);
            _frames.Add(Detect(movers, bars, frame, time, random, options.DropOuts));
            var step = options.Step?.Invoke(frame) ?? 0.04;
            time += step;
            movers.ForEach(mover => mover.Move(step, random));
            for (var i = 0; i < movers.Count; i++)
            {
                movers[i] = movers[i].IsGone ? new Mover(next++, random, inside: false) : movers[i];
            }
        }
    }

    /// <summary>Of each frame, seconds.</summary>
    public List<double> Times { get; } = [];

    /// <summary>All detections, with the tracks that an online tracker gives them.</summary>
    public List<Sighting> Track(TrackingOptions options)
    {
        var tracker = Trackers.Create(options, 25);
        var tracks = new List<TrackedObject>();
        var all = new List<Sighting>();
        foreach (var frame in _frames)
        {
            var inputs = frame.Select(sighting => new TrackInput(sighting.Box, sighting.Score, sighting.ClassId)).ToList();
            tracker.Update(new FrameEvidence(CollectionsMarshal.AsSpan(inputs)), tracks);
            var ids = tracks.ToDictionary(track => track.DetectionIndex, track => track.TrackId);
            all.AddRange(frame.Select(sighting => sighting with { OnlineId = ids.GetValueOrDefault(sighting.Instance) }));
        }

        return all;
    }

    /// <summary>How good the online tracks are.</summary>
    public TrackingScore Score(IEnumerable<Sighting> sightings) =>
        Score(sightings.Where(sighting => sighting.OnlineId > 0).Select(sighting => (sighting.Frame, sighting.OnlineId, sighting.Box)));

    /// <summary>How good the tracks are after the offline pass, interpolated boxes included.</summary>
    public TrackingScore Score(OfflinePlan plan)
    {
        var seen = plan.Tracks.SelectMany(track => track.Sightings.Select(sighting => (sighting.Frame, track.Id, sighting.Box)));
        var made = plan.Gaps.SelectMany(gap =>
            Enumerable
                .Range(gap.Before.Frame + 1, gap.After.Frame - gap.Before.Frame - 1)
                .Select(frame => (frame, gap.Track.Id, gap.At(Times[frame])))
        );
        return Score(seen.Concat(made));
    }

    private TrackingScore Score(IEnumerable<(int Frame, long Id, Box Box)> found)
    {
        var byFrame = found.ToLookup(item => item.Frame);
        var frames = _truth.Select(
            (truth, frame) =>
                EvaluatedFrame.Of(
                    truth,
                    [.. byFrame[frame].Select(item => new EvaluationObject(0, item.Id, 1, Corners(item.Box), null))],
                    boundary: false
                )
        );
        return TrackingScore.Of([.. frames], OverlapKind.Box, 0);
    }

    private static List<Sighting> Detect(
        List<Mover> movers,
        List<(double Left, double Right)> bars,
        int frame,
        double time,
        Random random,
        double dropOuts
    )
    {
        var found = new List<(Box Box, float Score)>();
        foreach (var mover in movers)
        {
            var (box, visible) = mover.Seen(bars);
            var isDropped = mover.IsDropped(time, random, dropOuts);
            var score = (float)(0.3 + 0.65 * visible * random.NextDouble());
            var jittered = new Box(Edge(box.X1), Edge(box.Y1), Edge(box.X2), Edge(box.Y2));
            if (visible >= 0.3 && !isDropped && random.NextDouble() < 0.97)
            {
                found.Add((jittered, random.NextDouble() < 0.08 ? 0.18f : score));
            }

            float Edge(float edge) => (float)(edge + 0.025 * mover.Size * Gaussian(random));
        }

        while (random.NextDouble() < 0.08)
        {
            var (x, y, side) = (random.NextDouble() * Width, random.NextDouble() * Height, 20 + 60 * random.NextDouble());
            found.Add((new Box((float)x, (float)y, (float)(x + side), (float)(y + side)), (float)(0.26 + 0.3 * random.NextDouble())));
        }

        return
        [
            .. found
                .OrderByDescending(item => item.Score)
                .Select(
                    (item, i) =>
                        new Sighting(frame, i, time, item.Box, item.Box.CenterX, item.Box.CenterY, item.Box.Area, item.Score, ClassId: 0)
                ),
        ];
    }

    /// <summary>The whole object, hidden or not; too little of it to ask for is to be ignored.</summary>
    private static EvaluationObject Truth(Mover mover, List<(double Left, double Right)> bars)
    {
        var (box, visible) = mover.Seen(bars);
        return new EvaluationObject(0, mover.Id, 1, Corners(visible >= 0.3 ? box : mover.Box), null, IsIgnored: visible < 0.3);
    }

    private static BoxCorners Corners(Box box) => new(box.X1, box.Y1, box.X2, box.Y2);

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed class Mover
    {
        private readonly (double W, double H) _sides;
        private (double X, double Y) _center;
        private (double X, double Y) _velocity;
        private double _droppedUntil = -1;

        public Mover(int id, Random random, bool inside)
        {
            Id = id;
            Size = 35 + 65 * random.NextDouble();
            var aspect = 0.5 + random.NextDouble();
            _sides = (Size * Math.Sqrt(aspect), Size / Math.Sqrt(aspect));
            _center = (random.NextDouble() * Width, random.NextDouble() * Height);
            var (speed, angle) = (40 + 120 * random.NextDouble(), 2 * Math.PI * random.NextDouble());
            _velocity = (speed * Math.Cos(angle), 0.6 * speed * Math.Sin(angle));
            if (!inside)
            {
                // From the left or the right, inwards.
                _center.X = _velocity.X > 0 ? -0.4 * _sides.W : Width + 0.4 * _sides.W;
            }
        }

        public int Id { get; }

        public bool IsGone => Seen([]).Visible < 0.05;

        public double Size { get; }

        public Box Box =>
            new(
                (float)(_center.X - _sides.W / 2),
                (float)(_center.Y - _sides.H / 2),
                (float)(_center.X + _sides.W / 2),
                (float)(_center.Y + _sides.H / 2)
            );

        public void Move(double seconds, Random random)
        {
            var kick = 30 * Math.Sqrt(seconds);
            _velocity = (_velocity.X + kick * Gaussian(random), _velocity.Y + kick * Gaussian(random));
            _center = (_center.X + _velocity.X * seconds, _center.Y + _velocity.Y * seconds);
        }

        /// <summary>What the frame and the bars leave of it: on one side of a bar the larger part.</summary>
        public (Box Box, double Visible) Seen(List<(double Left, double Right)> bars)
        {
            var box = Box.ClipTo(new FrameSize((int)Width, (int)Height));
            foreach (var (left, right) in bars)
            {
                var (before, behind) = (Math.Max(0, Math.Min(box.X2, left) - box.X1), Math.Max(0, box.X2 - Math.Max(box.X1, right)));
                if (box.X2 > left && box.X1 < right)
                {
                    box = before >= behind ? box with { X2 = (float)(box.X1 + before) } : box with { X1 = (float)(box.X2 - behind) };
                }
            }

            return (box, box.Area / Box.Area);
        }

        public bool IsDropped(double time, Random random, double perSecond)
        {
            if (time > _droppedUntil && random.NextDouble() < perSecond * 0.04)
            {
                _droppedUntil = time + 0.2 + 1.3 * random.NextDouble();
            }

            return time <= _droppedUntil;
        }
    }
}
