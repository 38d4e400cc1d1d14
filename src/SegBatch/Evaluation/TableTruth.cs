namespace SegBatch.Evaluation;

/// <summary>Truth in our own tables: the demo's, another run's, or Parquet files with columns of the same names.</summary>
public sealed class TableTruth(TableObjects objects) : ITruth, IDisposable
{
    public IReadOnlyList<string> Videos { get; } = objects.Videos;

    public IReadOnlyDictionary<int, string>? ClassNames { get; } = objects.ClassNames();

    public bool ListsItsFrames => false;

    public StoredVideo Load(string video)
    {
        var frames = new Dictionary<long, IReadOnlyList<StoredObject>>();
        foreach (var (frame, item) in objects.Rows(video))
        {
            if (!frames.TryGetValue(frame, out var known))
            {
                frames[frame] = known = new List<StoredObject>();
            }

            ((List<StoredObject>)known).Add(item);
        }

        return new StoredVideo(frames);
    }

    public void Dispose() => objects.Dispose();
}
