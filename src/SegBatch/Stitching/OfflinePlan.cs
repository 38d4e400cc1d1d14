namespace SegBatch.Stitching;

/// <summary>What the offline pass decided for one video.</summary>
/// <param name="idOfOld">Id by online id, for online tracks that live on.</param>
/// <param name="given">Track by frame and instance, for detections that do not follow their online track.</param>
internal sealed class OfflinePlan(Dictionary<long, long> idOfOld, Dictionary<(int Frame, int Instance), long> given)
{
    /// <summary>All tracks there are now, by id.</summary>
    public required IReadOnlyList<Trajectory> Tracks { get; init; }

    /// <summary>Gaps to fill, by track, then time.</summary>
    public required IReadOnlyList<Gap> Gaps { get; init; }

    /// <summary>Online tracks that became part of another.</summary>
    public required int Stitched { get; init; }

    /// <summary>Tracks that were dissolved.</summary>
    public required int Dissolved { get; init; }

    /// <summary>Detections that a track got, which the online tracker did not give any.</summary>
    public required int Given { get; init; }

    /// <summary>The track of a detection; null for none.</summary>
    /// <param name="frame">Position among the frames that were read.</param>
    /// <param name="instance">Number of the detection in its frame.</param>
    /// <param name="onlineId">Its online track; null for none.</param>
    public long? TrackOf(int frame, int instance, long? onlineId) =>
        given.TryGetValue((frame, instance), out var taker) ? taker
        : onlineId is { } old && idOfOld.TryGetValue(old, out var id) ? id
        : null;
}
