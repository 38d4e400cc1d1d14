using SegBatch.Motion;

namespace SegBatch.Tracking;

/// <summary>Parameters of the trackers under the names of Ultralytics' tracker files.</summary>
public sealed record TrackingOptions
{
    private readonly float? _trackHighThresh;
    private readonly float? _trackLowThresh;
    private readonly float? _newTrackThresh;
    private readonly CameraMotionMethod? _gmcMethod;
    private readonly float? _matchThresh;

    /// <summary>One of <see cref="Trackers.Names"/>.</summary>
    public string Tracker { get; init; } = "bytetrack";

    /// <summary>Detections from this score on are associated first. Where nobody says so, the tracker's own default.</summary>
    public float TrackHighThresh
    {
        get => _trackHighThresh ?? HighDefault;
        init => _trackHighThresh = value;
    }

    /// <summary>Detections above this and below the high threshold are associated second.</summary>
    public float TrackLowThresh
    {
        get => _trackLowThresh ?? (IsTrackTrack ? 0.25f : 0.1f);
        init => _trackLowThresh = value;
    }

    /// <summary>Score a detection needs to start a track. Where nobody says so, the tracker's own default.</summary>
    public float NewTrackThresh
    {
        get => _newTrackThresh ?? (IsTrackTrack ? 0.7f : HighDefault);
        init => _newTrackThresh = value;
    }

    /// <summary>How long a track may stay unseen. Null: <see cref="TrackBuffer"/> frames, as the reference counts.</summary>
    public double? LostSeconds { get; init; }

    /// <summary>Frames a track may stay unseen, where <see cref="LostSeconds"/> says nothing.</summary>
    public int TrackBuffer { get; init; } = 30;

    /// <summary>How many frames a track may stay unseen.</summary>
    /// <param name="frameRate">See <see cref="Trackers.Create"/>.</param>
    internal long LostFrames(double? frameRate) =>
        frameRate is > 0 and < double.PositiveInfinity && LostSeconds * frameRate is { } frames ? (long)Math.Round(frames) : TrackBuffer;

    /// <summary>Cost limit of the first association.</summary>
    public float MatchThresh
    {
        get => _matchThresh ?? (IsTrackTrack ? 0.7f : 0.8f);
        init => _matchThresh = value;
    }

    /// <summary>Multiply the IoU by the detection's score in the first association.</summary>
    public bool FuseScore { get; init; } = true;

    /// <summary>How the camera's motion is found, for trackers that go with it. Where nobody says so, the tracker's own default.</summary>
    public CameraMotionMethod GmcMethod
    {
        get => _gmcMethod ?? (Tracker is "botsort" or "tracktrack" ? CameraMotionMethod.SparseOptFlow : CameraMotionMethod.None);
        init => _gmcMethod = value;
    }

    /// <summary>As <see cref="GmcMethod"/>, but not at all where the tracker would not look at it.</summary>
    public CameraMotionMethod CameraMotion =>
        Tracker is "botsort" or "tracktrack" or "deepocsort" or "masktrack" ? GmcMethod : CameraMotionMethod.None;

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

    /// <summary>BoT-SORT, TrackTrack: compare the looks of tracks and detections too.</summary>
    public bool WithReid { get; init; }

    /// <summary>Absolute path of the model that <see cref="WithReid"/> needs.</summary>
    public string? AppearanceModel { get; init; }

    /// <summary>BoT-SORT: least IoU at which looks are compared.</summary>
    public float ProximityThresh { get; init; } = 0.5f;

    /// <summary>BoT-SORT: 1 less half the cosine distance above which looks say nothing.</summary>
    public float AppearanceThresh { get; init; } = 0.8f;

    /// <summary>TrackTrack: cost limit for lost tracks; 0 sets none but <see cref="MatchThresh"/>.</summary>
    public float LostMatchThr { get; init; }

    /// <summary>TrackTrack: weight of 1 - IoU in the cost.</summary>
    public float IouWeight { get; init; } = 0.5f;

    /// <summary>TrackTrack: weight of the cosine distance of looks.</summary>
    public float ReidWeight { get; init; } = 0.5f;

    /// <summary>TrackTrack: weight of the distance of scores.</summary>
    public float ConfWeight { get; init; } = 0.1f;

    /// <summary>TrackTrack: weight of the distance of directions.</summary>
    public float AngleWeight { get; init; } = 0.05f;

    /// <summary>TrackTrack: added to the cost of detections of low score.</summary>
    public float PenaltyP { get; init; } = 0.2f;

    /// <summary>TrackTrack: cost of detections that suppression had left out; they do not reach a tracker here, so it has no effect.</summary>
    public float PenaltyQ { get; init; } = 0.4f;

    /// <summary>TrackTrack: by how much the cost limit falls from round to round.</summary>
    public float ReduceStep { get; init; } = 0.05f;

    /// <summary>TrackTrack: IoU above which a detection starts no track.</summary>
    public float TaiThr { get; init; } = 0.55f;

    /// <summary>TrackTrack: sightings before a track shows.</summary>
    public int MinTrackLen { get; init; } = 3;

    private bool IsTrackTrack => Tracker == "tracktrack";

    private float HighDefault =>
        Tracker switch
        {
            "deepocsort" => 0.3f,
            "tracktrack" => 0.6f,
            _ => 0.25f,
        };
}
