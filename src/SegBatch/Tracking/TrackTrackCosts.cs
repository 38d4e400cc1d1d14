using SegBatch.Geometry;

namespace SegBatch.Tracking;

/// <summary>
/// What it costs TrackTrack to pair a tracklet with a detection: a weighted sum of the distances of box, looks, score and direction, and a
/// penalty for detections of low score (Shim et al. 2025, see <see cref="TrackTracker"/>). Buffers are kept: no allocation once warm.
/// </summary>
/// <param name="options">The weights.</param>
internal sealed class TrackTrackCosts(TrackingOptions options)
{
    private readonly AppearanceMatching? _looks = options.WithReid ? new AppearanceMatching(options) : null;
    private double[] _costs = [];

    /// <summary>Keeps what is known of the frame beside its detections.</summary>
    public void BeginFrame(FrameEvidence evidence) => _looks?.Take(evidence);

    /// <summary>Tells the tracklets seen in the frame what they look like now.</summary>
    public void EndFrame(List<Tracklet> tracks, long frame) => _looks?.Remember(tracks, frame);

    /// <summary>Tracklets × candidates, row by row; the caller's until the next call.</summary>
    /// <param name="tracks">Predicted for this frame.</param>
    /// <param name="candidates">Indices of detections.</param>
    /// <param name="detections">The frame's.</param>
    /// <returns>Infinite for pairs that do not overlap.</returns>
    public ReadOnlySpan<double> Compute(List<Tracklet> tracks, List<int> candidates, ReadOnlySpan<TrackInput> detections)
    {
        if (_costs.Length < tracks.Count * candidates.Count)
        {
            _costs = new double[2 * tracks.Count * candidates.Count];
        }

        for (var pair = 0; pair < tracks.Count * candidates.Count; pair++)
        {
            _costs[pair] = Cost(tracks[pair / candidates.Count], candidates[pair % candidates.Count], detections);
        }

        return _costs.AsSpan(0, tracks.Count * candidates.Count);
    }

    /// <summary>The overlap of two boxes times that of their heights (height-modulated IoU of Hybrid-SORT, Yang et al. 2024).</summary>
    public static double HeightModulatedIoU(Box a, Box b)
    {
        double overlap = Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1);
        double union = Math.Max(a.Y2, b.Y2) - Math.Min(a.Y1, b.Y1);
        return overlap > 0 && union > 0 ? Box.IoU(a, b) * overlap / union : 0;
    }

    private double Cost(Tracklet track, int index, ReadOnlySpan<TrackInput> detections)
    {
        var (box, score) = (detections[index].Box, detections[index].Score);
        var boxes = 1 - HeightModulatedIoU(track.Estimate, box);
        if (boxes >= 1)
        {
            return double.PositiveInfinity; // not the same, however alike
        }

        // Without looks the boxes have the weight of both, so that the limit means the same.
        var cost = _looks?.Distance(track, index) is { } half
            ? options.IouWeight * boxes + options.ReidWeight * 2 * half
            : (options.IouWeight + options.ReidWeight) * boxes;
        cost += options.ConfWeight * track.Sightings!.ScoreDistance(score);
        cost += options.AngleWeight * track.Sightings.DirectionDistance(box);
        cost += score < options.TrackHighThresh ? options.PenaltyP : 0;
        var limit = track.State == TrackState.Lost && options.LostMatchThr > 0 ? options.LostMatchThr : double.PositiveInfinity;
        return cost <= limit ? cost : double.PositiveInfinity;
    }
}
