using SegBatch.Geometry;
using SegBatch.Tables;

namespace SegBatch.Stitching;

/// <summary>A detection without its mask: what the offline pass keeps of every row in memory, 64 bytes.</summary>
/// <param name="Frame">Position among the frames that were read, from 0: a stride leaves no holes.</param>
/// <param name="Instance">Number of the detection in its frame.</param>
/// <param name="Time">Seconds from the stream's start.</param>
/// <param name="Box">The detector's box, frame pixels.</param>
/// <param name="X">Centroid of the mask, frame pixels; the box's centre where the mask is empty.</param>
/// <param name="Y">As <paramref name="X"/>, downwards.</param>
/// <param name="Area">Pixels of the mask; the box's where the mask is empty.</param>
/// <param name="Score">Confidence, 0 to 1.</param>
/// <param name="ClassId">The detector's class in this frame.</param>
/// <param name="OnlineId">The track that the online tracker gave it, from 1; 0 for none.</param>
internal readonly record struct Sighting(
    int Frame,
    int Instance,
    double Time,
    Box Box,
    float X,
    float Y,
    float Area,
    float Score,
    int ClassId,
    long OnlineId = 0
)
{
    /// <summary>Geometric mean of the box's sides, pixels; at least 1.</summary>
    public double Size => Math.Max(1, Math.Sqrt(Box.Area));

    /// <param name="row">A detection.</param>
    /// <param name="frame">Position of its frame among those that were read.</param>
    public static Sighting Of(in InstanceRow row, int frame) =>
        new(
            frame,
            row.Instance,
            row.TimeS,
            row.Box,
            (float)(row.Centroid?.X ?? row.Box.CenterX),
            (float)(row.Centroid?.Y ?? row.Box.CenterY),
            row.Centroid is null ? row.Box.Area : row.MaskArea,
            row.Score ?? 0,
            row.ClassId,
            row.TrackId ?? 0
        );
}
