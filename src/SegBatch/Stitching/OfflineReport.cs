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
    private const string Start = "offline pass: ";
    private const string Annotation = "the annotated video was drawn before the offline pass: it shows the online tracker's ids";

    /// <summary>Notes of a video with those of its offline pass at the end, and without those of an earlier one.</summary>
    /// <param name="notes">All there were.</param>
    /// <param name="report">Null where there was no pass.</param>
    /// <param name="isAnnotated">Whether somebody may look at an annotated video beside the tables.</param>
    public static List<string> Notes(IEnumerable<string> notes, OfflineReport? report, bool isAnnotated)
    {
        List<string> others = [.. notes.Where(note => note != Annotation && !note.StartsWith(Start, StringComparison.Ordinal))];
        return report is null ? others
            : isAnnotated ? [.. others, report.ToString(), Annotation]
            : [.. others, report.ToString()];
    }

    /// <summary>Whether the notes of a video say that its annotated video shows other ids than its tables.</summary>
    public static bool TellsOfAnnotation(IEnumerable<string> notes) => notes.Contains(Annotation);

    public override string ToString() =>
        $"{Start}{Stitched} tracks stitched to others, {Dissolved} dissolved, {Given} detections given to tracks, "
        + $"{Interpolated} rows interpolated";
}
