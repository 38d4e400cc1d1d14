using SegBatch.Geometry;

namespace SegBatch.Masks;

/// <summary>
/// A binary mask of a whole frame as run lengths in COCO order: column by column, each column top to bottom, the first
/// count is of zeros (it may be 0), counts add up to width × height. Masks are born in this form; no bitmap exists.
/// The counts are borrowed from a pooled buffer: valid until the frame that owns them is disposed. <see cref="Copy"/> to keep one.
/// </summary>
public readonly record struct RleMask(FrameSize Size, ReadOnlyMemory<int> Counts)
{
    /// <summary>Number of set pixels.</summary>
    public long Area
    {
        get
        {
            var area = 0L;
            var counts = Counts.Span;
            for (var i = 1; i < counts.Length; i += 2)
            {
                area += counts[i];
            }

            return area;
        }
    }

    /// <summary>The same mask in memory of its own.</summary>
    public RleMask Copy() => this with { Counts = Counts.ToArray() };
}
