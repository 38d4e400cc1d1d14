namespace SegBatch.Stitching;

/// <summary>
/// Looks at the tracks of a whole video: stitches them over gaps, gives them the detections that lie where they were not seen, and
/// dissolves ghosts, until none of the three changes anything. So a second pass over its result changes nothing.
/// </summary>
internal static class OfflinePass
{
    /// <param name="sightings">All detections of the video, in any order; taken once, before anything else is looked at.</param>
    /// <param name="times">Of all frames that were read, seconds, ascending.</param>
    /// <param name="conf">Score from which on a detection is an instance without a track, too.</param>
    /// <param name="options">Lengths of gaps, and what a ghost is.</param>
    /// <exception cref="InvalidOperationException">A track has two detections in a frame.</exception>
    public static OfflinePlan Plan(IEnumerable<Sighting> sightings, IReadOnlyList<double> times, float conf, OfflineOptions options)
    {
        var (tracks, free) = Sort(sightings, conf);
        var stitcher = new TrackStitcher(options.MaxGap);
        var dissolved = new HashSet<long>();
        var removed = 0;
        bool changed;
        do
        {
            tracks = stitcher.Stitch(tracks);
            changed = free.GiveTo(tracks, times, options.MaxGap);
            if (!changed)
            {
                var ghosts = tracks.Where(IsGhost).ToHashSet();
                foreach (var sighting in ghosts.SelectMany(ghost => ghost.Sightings))
                {
                    free.Add(sighting);
                    dissolved.Add(sighting.OnlineId);
                }

                tracks.RemoveAll(ghosts.Contains);
                removed += ghosts.Count;
                changed = ghosts.Count > 0;
            }
        } while (changed);

        return Decide(tracks, dissolved, removed, options);

        // What the video's start or end cuts off may have been there for longer.
        bool IsGhost(Trajectory track) =>
            track.Sightings.Count < options.MinSightings && track.First.Frame > 0 && track.Last.Frame < times.Count - 1;
    }

    private static (List<Trajectory> Tracks, UnclaimedSightings Free) Sort(IEnumerable<Sighting> sightings, float conf)
    {
        var byTrack = new SortedDictionary<long, List<Sighting>>();
        var free = new UnclaimedSightings(conf);
        foreach (var sighting in sightings)
        {
            if (sighting.OnlineId == 0)
            {
                free.Add(sighting);
                continue;
            }

            if (!byTrack.TryGetValue(sighting.OnlineId, out var ofTrack))
            {
                byTrack[sighting.OnlineId] = ofTrack = [];
            }

            ofTrack.Add(sighting);
        }

        return ([.. byTrack.Select(pair => Track(pair.Key, pair.Value))], free);
    }

    /// <summary>Most detections follow their online track; only the others are listed one by one.</summary>
    private static OfflinePlan Decide(List<Trajectory> tracks, HashSet<long> dissolved, int removed, OfflineOptions options)
    {
        var idOfOld = new Dictionary<long, long>();
        var given = new Dictionary<(int, int), long>();
        foreach (var track in tracks)
        {
            foreach (var sighting in track.Sightings)
            {
                if (sighting.OnlineId == 0 || dissolved.Contains(sighting.OnlineId))
                {
                    given[(sighting.Frame, sighting.Instance)] = track.Id;
                }
                else
                {
                    idOfOld[sighting.OnlineId] = track.Id;
                }
            }
        }

        return new OfflinePlan(idOfOld, given)
        {
            Tracks = tracks,
            Gaps = [.. tracks.SelectMany(track => Gap.Of(track, options.MaxFill))],
            Stitched = idOfOld.Count - tracks.Count,
            Dissolved = removed,
            Given = tracks.Sum(track => track.Sightings.Count(sighting => sighting.OnlineId == 0)),
        };
    }

    private static Trajectory Track(long id, List<Sighting> sightings)
    {
        sightings.Sort((a, b) => a.Frame.CompareTo(b.Frame));
        for (var i = 1; i < sightings.Count; i++)
        {
            if (sightings[i].Frame == sightings[i - 1].Frame)
            {
                throw new InvalidOperationException($"Track {id} is seen twice in frame {sightings[i].Frame}.");
            }
        }

        return new Trajectory(id, sightings);
    }
}
