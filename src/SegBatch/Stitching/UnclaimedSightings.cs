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
        var changed = GiveOnce([.. tracks.Select(track => (track, true))], times, mostSeconds);
        while (changed.Count > 0)
        {
            // Only for those that got something there are new places: what is left fits no other one, as it would have got it.
            given = true;
            changed = GiveOnce(changed, times, mostSeconds);
        }

        return given;
    }

    /// <param name="tracks">By id, and whether their gaps are looked at: else their ends alone.</param>
    /// <returns>The tracks that got something, by id, and whether it was in a gap, which is two others now.</returns>
    private List<(Trajectory Track, bool InGaps)> GiveOnce(
        IReadOnlyList<(Trajectory Track, bool InGaps)> tracks,
        IReadOnlyList<double> times,
        double mostSeconds
    )
    {
        var expected = new SortedDictionary<int, List<Place>>();
        foreach (var (track, inGaps) in tracks)
        {
            foreach (var gap in inGaps ? Gap.Of(track, mostSeconds) : [])
            {
                for (var frame = gap.Before.Frame + 1; frame < gap.After.Frame; frame++)
                {
                    Expect(frame, new Place(track, gap.At(times[frame]), 0, InGap: true));
                }
            }

            ExpectNextTo(track, track.First, track.Start, -1);
            ExpectNextTo(track, track.Last, track.End, 1);
        }

        var changed = new Dictionary<Trajectory, bool>();
        foreach (var (frame, places) in expected)
        {
            Assign(frame, places, changed);
        }

        return [.. changed.OrderBy(pair => pair.Key.Id).Select(pair => (pair.Key, pair.Value))];

        void ExpectNextTo(Trajectory track, in Sighting end, EndState state, int step)
        {
            var frame = end.Frame + step;
            if ((uint)frame < (uint)times.Count && Math.Abs(times[frame] - end.Time) is var seconds && seconds <= mostSeconds)
            {
                var (x, y) = ((float)(state.VelocityX * step * seconds), (float)(state.VelocityY * step * seconds));
                var box = end.Box;
                Expect(frame, new Place(track, new Box(box.X1 + x, box.Y1 + y, box.X2 + x, box.Y2 + y), conf, InGap: false));
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
    /// <param name="changed">Receives the tracks that got something, and whether it was in a gap.</param>
    private void Assign(int frame, List<Place> places, Dictionary<Trajectory, bool> changed)
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
                changed[places[i].Track] = places[i].InGap || changed.GetValueOrDefault(places[i].Track);
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
    }

    /// <summary>Where a track is expected in a frame, and the score of what may be taken for it.</summary>
    private readonly record struct Place(Trajectory Track, Box Box, float LeastScore, bool InGap);
}
