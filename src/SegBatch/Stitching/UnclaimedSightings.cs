using SegBatch.Geometry;
using SegBatch.Tracking;

namespace SegBatch.Stitching;

/// <summary>
/// The detections that no track has, by frame. Where a track was not seen although it must have been there, a detection at that place
/// is the track's: the online tracker had not confirmed the track yet, or looked for it elsewhere.
/// </summary>
/// <param name="conf">Next to the ends of a track only detections of this score on are its own: weaker ones come and go.</param>
internal sealed class UnclaimedSightings(float conf)
{
    /// <summary>What a detection must overlap with the place where the track is expected.</summary>
    private const float LeastIoU = 0.5f;

    private readonly Dictionary<int, List<Sighting>> _byFrame = [];
    private readonly LinearAssignment _assignment = new();
    private float[] _costs = [];

    public void Add(in Sighting sighting)
    {
        if (!_byFrame.TryGetValue(sighting.Frame, out var list))
        {
            _byFrame[sighting.Frame] = list = [];
        }

        var place = list.Count;
        while (place > 0 && list[place - 1].Instance > sighting.Instance)
        {
            place--;
        }

        list.Insert(place, sighting);
    }

    /// <summary>Gives tracks the detections that lie in their gaps and next to their ends, again and again until none is left.</summary>
    /// <param name="tracks">By id; what they get is inserted.</param>
    /// <param name="times">Of all frames that were read, seconds.</param>
    /// <param name="mostSeconds">Longest gap that is looked at, and longest step over an end.</param>
    /// <returns>Whether a track got anything.</returns>
    public bool GiveTo(IReadOnlyList<Trajectory> tracks, IReadOnlyList<double> times, double mostSeconds)
    {
        var given = false;
        while (GiveOnce(tracks, times, mostSeconds))
        {
            given = true;
        }

        return given;
    }

    private bool GiveOnce(IReadOnlyList<Trajectory> tracks, IReadOnlyList<double> times, double mostSeconds)
    {
        var expected = new SortedDictionary<int, List<Place>>();
        foreach (var track in tracks)
        {
            foreach (var gap in Gap.Of(track, mostSeconds))
            {
                for (var frame = gap.Before.Frame + 1; frame < gap.After.Frame; frame++)
                {
                    Expect(frame, new Place(track, gap.At(times[frame]), 0));
                }
            }

            ExpectNextTo(track, track.First, track.Start, -1);
            ExpectNextTo(track, track.Last, track.End, 1);
        }

        var given = false;
        foreach (var (frame, places) in expected)
        {
            given |= Assign(frame, places);
        }

        return given;

        void ExpectNextTo(Trajectory track, in Sighting end, EndState state, int step)
        {
            var frame = end.Frame + step;
            if ((uint)frame < (uint)times.Count && Math.Abs(times[frame] - end.Time) is var seconds && seconds <= mostSeconds)
            {
                var (x, y) = ((float)(state.VelocityX * step * seconds), (float)(state.VelocityY * step * seconds));
                var box = end.Box;
                Expect(frame, new Place(track, new Box(box.X1 + x, box.Y1 + y, box.X2 + x, box.Y2 + y), conf));
            }
        }

        void Expect(int frame, in Place place)
        {
            if (!_byFrame.ContainsKey(frame))
            {
                return;
            }

            if (!expected.TryGetValue(frame, out var list))
            {
                expected[frame] = list = [];
            }

            list.Add(place);
        }
    }

    /// <summary>One frame: the assignment with the largest sum of overlaps.</summary>
    private bool Assign(int frame, List<Place> places)
    {
        var found = _byFrame[frame];
        Array.Resize(ref _costs, Math.Max(_costs.Length, places.Count * found.Count));
        for (var i = 0; i < places.Count; i++)
        {
            for (var j = 0; j < found.Count; j++)
            {
                var isEnough = found[j].Score >= places[i].LeastScore;
                _costs[i * found.Count + j] = isEnough ? 1 - Box.IoU(places[i].Box, found[j].Box) : float.PositiveInfinity;
            }
        }

        _assignment.Solve(_costs.AsSpan(0, places.Count * found.Count), places.Count, found.Count, 1 - LeastIoU);
        var taken = new HashSet<Sighting>();
        for (var i = 0; i < places.Count; i++)
        {
            if (_assignment.ColumnOfRow[i] is >= 0 and var column)
            {
                places[i].Track.Insert(found[column]);
                taken.Add(found[column]);
            }
        }

        if (taken.Count == found.Count)
        {
            _byFrame.Remove(frame);
        }
        else
        {
            found.RemoveAll(taken.Contains);
        }

        return taken.Count > 0;
    }

    /// <summary>Where a track is expected in a frame, and the score of what may be taken for it.</summary>
    private readonly record struct Place(Trajectory Track, Box Box, float LeastScore);
}
