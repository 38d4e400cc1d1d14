namespace SegBatch.Stitching;

/// <summary>A track with everything that was seen of it, in order of time; at least one sighting, at most one per frame.</summary>
internal sealed class Trajectory(long id, List<Sighting> sightings)
{
    private EndState? _start;
    private EndState? _end;

    public long Id { get; } = id;

    public IReadOnlyList<Sighting> Sightings => sightings;

    public Sighting First => sightings[0];

    public Sighting Last => sightings[^1];

    /// <summary>How it began, looked at backwards in time: velocities are those of time running forwards.</summary>
    public EndState Start => _start ??= EndState.AtStart(sightings);

    /// <summary>How it ended.</summary>
    public EndState End => _end ??= EndState.AtEnd(sightings);

    /// <summary>Takes in a detection in a frame in which the track was not seen.</summary>
    public void Insert(in Sighting sighting)
    {
        var place = sightings.Count;
        while (place > 0 && sightings[place - 1].Frame > sighting.Frame)
        {
            place--;
        }

        if (place > 0 && sightings[place - 1].Frame == sighting.Frame)
        {
            throw new InvalidOperationException($"Track {Id} is seen twice in frame {sighting.Frame}.");
        }

        sightings.Insert(place, sighting);
        (_start, _end) = (null, null);
    }

    /// <summary>Sum of scores by class, in order of the class.</summary>
    public SortedList<int, double> ScoreByClass()
    {
        var scores = new SortedList<int, double>();
        foreach (var sighting in sightings)
        {
            scores[sighting.ClassId] = scores.GetValueOrDefault(sighting.ClassId) + sighting.Score;
        }

        return scores;
    }

    /// <summary>The class with the largest sum of scores; the lower number if equal.</summary>
    public int MajorityClass()
    {
        var scores = ScoreByClass();
        var best = scores.Keys[0];
        foreach (var (candidate, score) in scores)
        {
            best = score > scores[best] ? candidate : best;
        }

        return best;
    }

    /// <summary>Tracks one after another as one, under the smallest of their ids.</summary>
    public static Trajectory Chain(IReadOnlyList<Trajectory> parts) =>
        parts is [var only] ? only : new(parts.Min(part => part.Id), [.. parts.SelectMany(part => part.Sightings)]);
}
