namespace SegBatch.Tracking;

/// <summary>Parameters of ByteTrack under the names of Ultralytics' tracker files.</summary>
public sealed record TrackingOptions
{
    /// <summary>"bytetrack" or "none".</summary>
    public string Tracker { get; init; } = "bytetrack";

    /// <summary>Detections from this score on are associated first.</summary>
    public float TrackHighThresh { get; init; } = 0.25f;

    /// <summary>Detections above this and below the high threshold are associated second.</summary>
    public float TrackLowThresh { get; init; } = 0.1f;

    /// <summary>Score a detection needs to start a track.</summary>
    public float NewTrackThresh { get; init; } = 0.25f;

    /// <summary>How long a track may stay unseen. Null: <see cref="TrackBuffer"/> frames, as the reference counts.</summary>
    public double? LostSeconds { get; init; }

    /// <summary>Frames a track may stay unseen, where <see cref="LostSeconds"/> says nothing.</summary>
    public int TrackBuffer { get; init; } = 30;

    /// <summary>Cost limit of the first association.</summary>
    public float MatchThresh { get; init; } = 0.8f;

    /// <summary>Multiply the IoU by the detection's score in the first association.</summary>
    public bool FuseScore { get; init; } = true;
}
