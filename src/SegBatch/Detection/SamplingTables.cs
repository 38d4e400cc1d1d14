using System.Collections.Concurrent;
using SegBatch.Geometry;

namespace SegBatch.Detection;

/// <summary>How frames sample a map over the input: tables made once per geometry. Safe for concurrent use.</summary>
internal sealed class SamplingTables(MaskMode mode)
{
    // A few per job. Bounded because an archive of photos has as many sizes as it likes.
    private const int RememberedGeometries = 64;

    private readonly ConcurrentDictionary<(LetterboxTransform Letterbox, FrameSize Map), PrototypeSampling> _tables = new();

    /// <param name="map">Cells over the whole input.</param>
    public PrototypeSampling For(in LetterboxTransform letterbox, FrameSize map)
    {
        if (_tables.TryGetValue((letterbox, map), out var sampling))
        {
            return sampling;
        }

        if (_tables.Count >= RememberedGeometries)
        {
            _tables.Clear();
        }

        return _tables.GetOrAdd((letterbox, map), PrototypeSampling.Create(letterbox, map, mode));
    }
}
