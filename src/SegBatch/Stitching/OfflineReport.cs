using SegBatch.Output;

namespace SegBatch.Stitching;

/// <summary>What the offline pass did to the tables of a video.</summary>
/// <param name="Totals">What the tables hold now.</param>
/// <param name="Stitched">Online tracks that became part of another.</param>
/// <param name="Dissolved">Tracks with too few sightings.</param>
/// <param name="Given">Detections that a track got, which the online tracker did not give any.</param>
/// <param name="Interpolated">Rows that were made up between sightings.</param>
public sealed record OfflineReport(TableTotals Totals, long Stitched, long Dissolved, long Given, long Interpolated)
{
    /// <summary>For whoever looks at the annotated video beside the tables.</summary>
    public const string AnnotationNote = "the annotated video was drawn before the offline pass: it shows the online tracker's ids";

    /// <summary>How notes of this kind begin.</summary>
    public const string Start = "offline pass: ";

    public override string ToString() =>
        $"{Start}{Stitched} tracks stitched to others, {Dissolved} dissolved, {Given} detections given to tracks, "
        + $"{Interpolated} rows interpolated";
}
