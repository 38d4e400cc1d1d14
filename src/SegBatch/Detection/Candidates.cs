namespace SegBatch.Detection;

/// <summary>Anchors whose best class score passed the threshold, in the order of anchors. Reused from frame to frame.</summary>
internal sealed class Candidates
{
    private (int Anchor, int ClassId, float Score)[] _items = new (int, int, float)[256];
    private ulong[] _order = new ulong[256];

    public int Count { get; private set; }

    public (int Anchor, int ClassId, float Score) this[int index] => _items[index];

    public void Clear() => Count = 0;

    public void Add(int anchor, int classId, float score)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, 2 * Count);
        }

        _items[Count++] = (anchor, classId, score);
    }

    /// <summary>Candidate numbers by score descending, ties by anchor, at most <paramref name="limit"/>: the low half of each key.</summary>
    public ReadOnlySpan<ulong> Order(int limit)
    {
        if (_order.Length < Count)
        {
            _order = new ulong[_items.Length];
        }

        for (var i = 0; i < Count; i++)
        {
            // The bits of a float, flipped so that unsigned integers sort as the floats do, inverted for descending order.
            var bits = BitConverter.SingleToUInt32Bits(_items[i].Score);
            var ascending = (bits & 0x8000_0000u) == 0 ? bits | 0x8000_0000u : ~bits;
            _order[i] = ((ulong)~ascending << 32) | (uint)i;
        }

        var order = _order.AsSpan(0, Count);
        order.Sort();
        return order[..Math.Min(Count, limit)];
    }
}
