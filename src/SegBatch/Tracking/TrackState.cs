namespace SegBatch.Tracking;

/// <summary>Where a tracklet stands in its life.</summary>
internal enum TrackState
{
    /// <summary>Started and not seen often enough: not shown after the first frame, and removed at the first frame without it.</summary>
    Tentative,

    /// <summary>Seen in this frame and shown.</summary>
    Confirmed,

    /// <summary>Not seen lately; keeps moving as predicted and may be found again.</summary>
    Lost,

    /// <summary>Given up.</summary>
    Removed,
}
