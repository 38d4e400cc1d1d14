using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// Track-aware initialisation (Shim et al. 2025, see <see cref="TrackTracker"/>): of the detections that no track has got, best score
/// first, those start a track that overlap neither a track nor a better one. Buffers are kept: no allocation once warm.
/// </summary>
/// <param name="options">Thresholds.</param>
internal sealed class TrackAwareInitialisation(TrackingOptions options)
{
    private readonly float _leastScore = options.NewTrackThresh;
    private readonly List<Box> _taken = [];
    private readonly List<int> _starting = [];

    /// <summary>Forgets the places of the last frame.</summary>
    public void Begin() => _taken.Clear();

    /// <summary>A track is here.</summary>
    public void Take(Box box) => _taken.Add(box);

    /// <summary>The detections that start a track, in the frame's order; valid until the next call.</summary>
    /// <param name="candidates">Indices of detections; those looked at are taken out.</param>
    /// <param name="detections">The frame's.</param>
    public List<int> Choose(List<int> candidates, ReadOnlySpan<TrackInput> detections)
    {
        _starting.Clear();
        while (Best(candidates, detections) is >= 0 and var best)
        {
            var index = candidates[best];
            candidates.RemoveAt(best);
            if (IsFree(detections[index].Box))
            {
                _taken.Add(detections[index].Box);
                _starting.Add(index);
            }
        }

        _starting.Sort();
        return _starting;
    }

    /// <summary>The candidate of the best score that may start a track; -1 for none.</summary>
    private int Best(List<int> candidates, ReadOnlySpan<TrackInput> detections)
    {
        var (best, score) = (-1, _leastScore);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (detections[candidates[i]].Score > score)
            {
                (best, score) = (i, detections[candidates[i]].Score);
            }
        }

        return best;
    }

    private bool IsFree(Box box)
    {
        foreach (var taken in _taken)
        {
            if (Box.IoU(taken, box) > options.TaiThr)
            {
                return false;
            }
        }

        return true;
    }
}
