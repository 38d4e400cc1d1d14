using SegBatch.Geometry;

namespace SegBatch.Tables;

/// <summary>A decoded frame. Columns: <see cref="Schema.Frames"/>.</summary>
public readonly record struct FrameRow(
    string Video,
    long Frame,
    long? Pts,
    Rational TimeBase,
    double TimeS,
    FrameSize Size,
    int Instances,
    bool Corrupt,
    string? File
);

/// <summary>An object in a frame. Columns: <see cref="Schema.Instances"/>, or <see cref="Schema.Candidates"/> without the track's.</summary>
/// <param name="Score">Null for an interpolated row.</param>
/// <param name="MaskRle">COCO compressed counts, ASCII; borrowed until the next frame is mapped.</param>
/// <param name="Centroid">In single precision, as the table has it; null for an empty mask.</param>
/// <param name="Source"><see cref="Detected"/> or <see cref="Interpolated"/>.</param>
public readonly record struct InstanceRow(
    string Video,
    long Frame,
    long? Pts,
    double TimeS,
    int Instance,
    long? TrackId,
    int ClassId,
    string ClassName,
    float? Score,
    Box Box,
    Box? TrackBox,
    ReadOnlyMemory<byte> MaskRle,
    FrameSize MaskSize,
    long MaskArea,
    (double X, double Y)? Centroid,
    string Source
)
{
    /// <summary><see cref="Source"/> of what a detector found.</summary>
    public const string Detected = "detected";

    /// <summary><see cref="Source"/> of what was made up between two sightings of a track.</summary>
    public const string Interpolated = "interpolated";
}

/// <summary>All pixels of one class in a frame. Columns: <see cref="Schema.Regions"/>.</summary>
/// <param name="MaskRle">COCO compressed counts, ASCII; borrowed until the next frame is mapped.</param>
public readonly record struct RegionRow(
    string Video,
    long Frame,
    long? Pts,
    double TimeS,
    int ClassId,
    string ClassName,
    ReadOnlyMemory<byte> MaskRle,
    FrameSize MaskSize,
    long MaskArea
)
{
    /// <summary>The class's part of the frame, above 0 to 1.</summary>
    public double Share => (double)MaskArea / MaskSize.Area;
}

/// <summary>A track over its whole life in one video. Columns: <see cref="Schema.Tracks"/>.</summary>
public readonly record struct TrackRow(
    string Video,
    long TrackId,
    int ClassId,
    string ClassName,
    double ClassShare,
    long FirstFrame,
    long LastFrame,
    double FirstTimeS,
    double LastTimeS,
    long Frames,
    long Gaps,
    double MeanScore,
    float MaxScore,
    double MeanArea,
    double PathLengthPx,
    double DisplacementPx,
    double? MeanSpeedPxS
);

/// <summary>What is known of a frame besides its objects. Columns: <see cref="Schema.Evidence"/>.</summary>
/// <param name="CameraMotion">Where a point of the background seen in the frame before lies in this one, frame pixels.</param>
public readonly record struct EvidenceRow(string Video, long Frame, AffineMotion CameraMotion);
