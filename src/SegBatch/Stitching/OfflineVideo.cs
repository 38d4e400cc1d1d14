using SegBatch.Output;
using SegBatch.Tables;

namespace SegBatch.Stitching;

/// <summary>What the offline pass wants to know of a whole video, read from its tables.</summary>
internal sealed class OfflineVideo
{
    private readonly List<double> _times = [];
    private readonly Dictionary<int, string> _classNames = [];

    /// <summary>Of the frames that were read, seconds: of all of them once the sightings have been taken.</summary>
    public IReadOnlyList<double> Times => _times;

    /// <summary>Names by number, of classes that were detected.</summary>
    public IReadOnlyDictionary<int, string> ClassNames => _classNames;

    /// <summary>Every detection that the tracker saw, by frame; read as they are taken, once.</summary>
    /// <param name="files">Finished tables; interpolated rows in them are left out.</param>
    /// <param name="above">The tracker saw detections above this score.</param>
    /// <param name="stopping">Ends the reading.</param>
    /// <exception cref="InvalidDataException">A table cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public IEnumerable<Sighting> Read(VideoTableFiles files, float above, CancellationToken stopping)
    {
        using var reader = new VideoTablesReader(files, masks: false);
        for (var frame = new TableFrame(); reader.Next(frame); _times.Add(frame.Frame.TimeS))
        {
            stopping.ThrowIfCancellationRequested();
            foreach (var (row, _) in frame.Detections)
            {
                if (row.Source == InstanceRow.Detected && (row.TrackId is not null || row.Score > above))
                {
                    _classNames.TryAdd(row.ClassId, row.ClassName);
                    yield return Sighting.Of(row, _times.Count);
                }
            }
        }
    }
}
