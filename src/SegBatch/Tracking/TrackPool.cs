namespace SegBatch.Tracking;

/// <summary>The track lists of one video's frames, used over and over. They are managed memory: one that is lost is collected.</summary>
public sealed class TrackPool
{
    private readonly Stack<List<TrackedObject>> _free = [];
    private readonly Lock _gate = new();

    /// <summary>A list of any content: a tracker clears it.</summary>
    public List<TrackedObject> Rent()
    {
        lock (_gate)
        {
            return _free.TryPop(out var list) ? list : [];
        }
    }

    internal void Return(List<TrackedObject> list)
    {
        lock (_gate)
        {
            _free.Push(list);
        }
    }
}
