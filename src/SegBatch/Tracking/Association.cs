namespace SegBatch.Tracking;

/// <summary>Matches tracklets with detections by the overlap of their boxes. Buffers are kept: no allocation once warm.</summary>
internal sealed class Association
{
    private readonly BoxDistances _distances = new();
    private readonly LinearAssignment _assignment = new();

    /// <summary>Matches at least cost of overlap, and tells each matched tracklet its detection.</summary>
    /// <param name="tracks">In an order that decides ties.</param>
    /// <param name="candidates">Indices of detections; those matched are taken out.</param>
    /// <param name="detections">The frame's.</param>
    /// <param name="frame">The frame's number, from 1.</param>
    /// <param name="fuseScores">Cost is 1 - IoU × score instead of 1 - IoU.</param>
    /// <param name="limit">Cost of leaving a tracklet and a detection alone.</param>
    /// <param name="unmatched">Receives the tracklets left alone, in order; cleared first, and not <paramref name="tracks"/>.</param>
    public void Match(
        List<Tracklet> tracks,
        List<int> candidates,
        ReadOnlySpan<TrackInput> detections,
        long frame,
        bool fuseScores,
        double limit,
        List<Tracklet> unmatched
    ) => Match(tracks, candidates, detections, frame, Costs(tracks, candidates, detections, fuseScores), limit, unmatched);

    /// <summary>The same at any cost: tracklets × candidates, row by row.</summary>
    /// <param name="recover">See <see cref="Tracklet.Recover"/>.</param>
    public void Match(
        List<Tracklet> tracks,
        List<int> candidates,
        ReadOnlySpan<TrackInput> detections,
        long frame,
        ReadOnlySpan<float> costs,
        double limit,
        List<Tracklet> unmatched,
        bool recover = false
    )
    {
        _assignment.Solve(costs, tracks.Count, candidates.Count, limit);

        unmatched.Clear();
        for (var row = 0; row < tracks.Count; row++)
        {
            if (_assignment.ColumnOfRow[row] is not (var column and >= 0))
            {
                unmatched.Add(tracks[row]);
            }
            else if (recover)
            {
                tracks[row].Recover(detections[candidates[column]].Box, candidates[column], frame);
            }
            else
            {
                tracks[row].Match(detections[candidates[column]].Box, candidates[column], frame);
            }
        }

        ScoreBands.KeepUnassigned(candidates, _assignment.RowOfColumn);
    }

    /// <summary>1 - IoU, tracklets × candidates, row by row; the caller's to change until the next call.</summary>
    /// <param name="fromObservations">Overlap with where the tracklets were last seen, not with where they are predicted.</param>
    public Span<float> Costs(
        List<Tracklet> tracks,
        List<int> candidates,
        ReadOnlySpan<TrackInput> detections,
        bool fuseScores,
        bool fromObservations = false
    )
    {
        _distances.Clear();
        foreach (var track in tracks)
        {
            _distances.AddRow(fromObservations ? track.Observations!.Last : track.Estimate);
        }

        foreach (var index in candidates)
        {
            _distances.AddColumn(detections[index].Box, detections[index].Score);
        }

        return _distances.Compute(fuseScores);
    }

    /// <summary>
    /// Of a tracked and a lost tracklet on the same object, marks the younger as duplicate; the tracked one when they are of one age.
    /// </summary>
    /// <returns>Whether there was any.</returns>
    public bool MarkDuplicates(List<Tracklet> tracked, List<Tracklet> lost, float distance)
    {
        _distances.Clear();
        foreach (var track in tracked)
        {
            _distances.AddRow(track.Estimate);
        }

        foreach (var track in lost)
        {
            _distances.AddColumn(track.Estimate);
        }

        var found = false;
        var distances = _distances.Compute(fuseScores: false);
        for (var pair = 0; pair < distances.Length; pair++)
        {
            if (distances[pair] < distance)
            {
                var (ofTracked, ofLost) = (tracked[pair / lost.Count], lost[pair % lost.Count]);
                (ofTracked.Age > ofLost.Age ? ofLost : ofTracked).IsDuplicate = true;
                found = true;
            }
        }

        return found;
    }
}
