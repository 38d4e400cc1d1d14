using SegBatch.Masks;

namespace SegBatch.Detection;

/// <summary>The objects of one frame, best score first, with the pooled memory of their masks.</summary>
public sealed class DetectionList : IDisposable
{
    private readonly DetectionPool? _pool;
    private float[] _appearance = [];
    private int _appearanceLength;

    /// <summary>A list that belongs to no pool.</summary>
    public DetectionList() { }

    internal DetectionList(DetectionPool pool) => _pool = pool;

    /// <summary>In order of detection: score descending, ties by anchor.</summary>
    public List<DetectedObject> Items { get; } = [];

    /// <summary>
    /// What a semantic network says of the whole frame: one mask for each class that was seen, by class; masks share no pixel. Empty for
    /// networks that find objects.
    /// </summary>
    public List<ClassRegion> Regions { get; } = [];

    /// <summary>Where the masks' run lengths live.</summary>
    public RunBuffer Runs { get; } = new();

    /// <summary>What the objects look like: one row for each of <see cref="Items"/>, all of the same length; empty where nobody looked.</summary>
    public ReadOnlySpan<float> Appearance => _appearance.AsSpan(0, _appearanceLength);

    /// <summary>Makes room for what the objects look like.</summary>
    /// <param name="dimensions">Values per row.</param>
    /// <returns>Rows × dimensions, zeros, to be written.</returns>
    public Span<float> MakeAppearance(int dimensions)
    {
        _appearanceLength = Items.Count * dimensions;
        if (_appearance.Length < _appearanceLength)
        {
            _appearance = new float[2 * _appearanceLength];
        }

        var rows = _appearance.AsSpan(0, _appearanceLength);
        rows.Clear();
        return rows;
    }

    public void Clear()
    {
        Items.Clear();
        Regions.Clear();
        Runs.Clear();
        _appearanceLength = 0;
    }

    /// <summary>Gives the list back to its pool, else its memory. Once only for one of a pool: it may have a new owner.</summary>
    public void Dispose()
    {
        if (_pool is null)
        {
            Runs.Dispose();
        }
        else
        {
            _pool.Return(this);
        }
    }
}
