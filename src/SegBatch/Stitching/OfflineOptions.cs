namespace SegBatch.Stitching;

/// <summary>What happens to the tracks of a video when all of it has been seen.</summary>
public sealed record OfflineOptions
{
    /// <summary>Stitch tracks, fill gaps and remove ghosts at all.</summary>
    public bool Enabled { get; init; }

    /// <summary>Longest time between the end of a track and its continuation, in seconds.</summary>
    public double MaxGap { get; init; } = 2;

    /// <summary>Gaps up to so many seconds are filled with interpolated rows; 0 fills none.</summary>
    public double MaxFill { get; init; } = 1;

    /// <summary>Tracks with fewer detections are dissolved, unless the video begins or ends with them: their detections stay. 1 keeps all.</summary>
    public int MinSightings { get; init; } = 2;
}
