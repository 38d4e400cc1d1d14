namespace SegBatch.Tracking;

/// <summary>Parameters of the trackers under the names of Ultralytics' tracker files.</summary>
public sealed record TrackingOptions
{
    private readonly float? _trackHighThresh;
    private readonly float? _newTrackThresh;

    /// <summary>One of <see cref="Trackers.Names"/>.</summary>
    public string Tracker { get; init; } = "bytetrack";

    /// <summary>Detections from this score on are associated first. Where nobody says so, the tracker's own default.</summary>
    public float TrackHighThresh
    {
        get => _trackHighThresh ?? HighDefault;
        init => _trackHighThresh = value;
    }

    /// <summary>Detections above this and below the high threshold are associated second.</summary>
    public float TrackLowThresh { get; init; } = 0.1f;

    /// <summary>Score a detection needs to start a track. Where nobody says so, the tracker's own default.</summary>
    public float NewTrackThresh
    {
        get => _newTrackThresh ?? HighDefault;
        init => _newTrackThresh = value;
    }

    /// <summary>How long a track may stay unseen. Null: <see cref="TrackBuffer"/> frames, as the reference counts.</summary>
    public double? LostSeconds { get; init; }

    /// <summary>Frames a track may stay unseen, where <see cref="LostSeconds"/> says nothing.</summary>
    public int TrackBuffer { get; init; } = 30;

    /// <summary>Cost limit of the first association.</summary>
    public float MatchThresh { get; init; } = 0.8f;

    /// <summary>Multiply the IoU by the detection's score in the first association.</summary>
    public bool FuseScore { get; init; } = true;

    /// <summary>OC-SORT: frames over which the direction of motion is taken, 1 or more.</summary>
    public int DeltaT { get; init; } = 3;

    /// <summary>OC-SORT: cost of a detection right behind the tracklet; less as it lies closer to the tracklet's direction.</summary>
    public float Inertia { get; init; } = 0.2f;

    /// <summary>OC-SORT: associate low scores too, after the recovery.</summary>
    public bool UseByte { get; init; }

    /// <summary>FastTrack: sightings to go back for the velocity of a tracklet that is hidden, 1 or more.</summary>
    public int ResetVelocityOffsetOcc { get; init; } = 5;

    /// <summary>FastTrack: sightings to go back for its box, 1 or more.</summary>
    public int ResetPosOffsetOcc { get; init; } = 3;

    /// <summary>FastTrack: factor of its size.</summary>
    public float EnlargeBboxOcc { get; init; } = 1.1f;

    /// <summary>FastTrack: factor of its velocity.</summary>
    public float DampenMotionOcc { get; init; } = 0.5f;

    /// <summary>FastTrack: frames it may be hidden before it is lost.</summary>
    public int ActiveOccToLostThresh { get; init; } = 10;

    /// <summary>FastTrack: share of a box above which another hides it.</summary>
    public float OccCoverThresh { get; init; } = 0.7f;

    /// <summary>FastTrack: frames after it was hidden in which it may be found again, beyond <see cref="TrackBuffer"/>.</summary>
    public int OccReappearWindow { get; init; } = 40;

    /// <summary>FastTrack: overlap with a tracklet above which a detection starts no track.</summary>
    public float InitIouSuppress { get; init; } = 0.7f;

    /// <summary>masktrack: share of the masks' overlap in the likeness of a track and a detection; the rest is that of the boxes.</summary>
    public float MaskWeight { get; init; } = 0.6f;

    /// <summary>masktrack: share of the likeness that is taken off where the classes differ.</summary>
    public float ClassPenalty { get; init; } = 0.3f;

    /// <summary>masktrack: share of a track's shape from which on the masks of other tracks hide it.</summary>
    public float HiddenCover { get; init; } = 0.5f;

    /// <summary>masktrack: how many times as long as any other a track may stay unseen while it is hidden.</summary>
    public float HiddenPatience { get; init; } = 3;

    private float HighDefault => Tracker == "deepocsort" ? 0.3f : 0.25f;
}
