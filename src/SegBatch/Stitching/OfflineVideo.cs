using SegBatch.Output;
using SegBatch.Tables;

namespace SegBatch.Stitching;

/// <summary>What the offline pass keeps of a whole video.</summary>
/// <param name="Sightings">Every detection that the tracker saw, by frame.</param>
/// <param name="Times">Of all frames that were read, seconds.</param>
/// <param name="ClassNames">Names by number, of classes that were detected.</param>
internal sealed record OfflineVideo(
    IReadOnlyList<Sighting> Sightings,
    IReadOnlyList<double> Times,
    IReadOnlyDictionary<int, string> ClassNames
)
{
    /// <param name="files">Finished tables; interpolated rows in them are left out.</param>
    /// <param name="above">The tracker saw detections above this score.</param>
    /// <exception cref="InvalidDataException">A table cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static OfflineVideo Read(VideoTableFiles files, float above, CancellationToken stopping)
    {
        var (sightings, times, names) = (new List<Sighting>(), new List<double>(), new Dictionary<int, string>());
        using var reader = new VideoTablesReader(files, masks: false);
        for (var frame = new TableFrame(); reader.Next(frame); times.Add(frame.Frame.TimeS))
        {
            stopping.ThrowIfCancellationRequested();
            foreach (var (row, _) in frame.Detections)
            {
                if (row.Source == InstanceRow.Detected && (row.TrackId is not null || row.Score > above))
                {
                    sightings.Add(Sighting.Of(row, times.Count));
                    names.TryAdd(row.ClassId, row.ClassName);
                }
            }
        }

        return new OfflineVideo(sightings, times, names);
    }
}
